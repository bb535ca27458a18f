package dev.sluice.certificate;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.security.auth.x500.X500Principal;

/**
 * The names in a certificate in one spelling: {@code subject:<RFC 2253, in lower case>}, {@code dns:}, {@code uri:},
 * {@code email:} and {@code ip:}.
 */
final class CertificateNames {

    static final String SUBJECT = "subject";

    /** By the numbers that X.509 gives them. */
    private static final Map<Integer, String> KINDS = Map.of(1, "email", 2, "dns", 6, "uri", 7, "ip");

    private CertificateNames() {}

    static Collection<String> kinds() {
        return KINDS.values();
    }

    /** Returns all names of a certificate. */
    static List<String> of(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        X500Principal subject = certificate.getSubjectX500Principal();
        if (!subject.getName().isEmpty()) {
            names.add(subject(subject));
        }
        for (List<?> name : alternatives(certificate)) {
            String kind = KINDS.get((Integer) name.get(0));
            if (kind != null) {
                names.add(alternative(kind, String.valueOf(name.get(1))));
            }
        }
        return names;
    }

    /* Not in the canonical form, which makes ordinary letters and commas of full-width ones: it would be another name. */
    static String subject(X500Principal subject) {
        return SUBJECT + ":" + subject.getName(X500Principal.RFC2253).toLowerCase(Locale.ROOT);
    }

    /* Hosts are the same in any case; all else is compared as it is. */
    static String alternative(String kind, String value) {
        return kind + ":" + (kind.equals("dns") ? value.toLowerCase(Locale.ROOT) : value);
    }

    private static Collection<List<?>> alternatives(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null ? List.of() : names;
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }
}
