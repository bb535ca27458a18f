package dev.sluice.certificate;

import dev.sluice.access.Grant;
import dev.sluice.access.Identity;
import dev.sluice.key.Grants;
import dev.sluice.problem.ProblemException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import tools.jackson.databind.json.JsonMapper;

/** Who is known by which name in a certificate, as a file says it. */
final class Clients {

    static final String EXAMPLE =
            "clients: [{name: loader, san: \"dns:loader.example.com\", grants: [{sinks: orders, verbs: [write]}]}]";
    private static final Set<String> MEMBERS = Set.of("name", "subject", "san", "grants");
    private static final int LONGEST_NAME = 200;
    private static final JsonMapper JSON = new JsonMapper();

    private final Map<String, Identity> byName;

    private Clients(Map<String, Identity> byName) {
        this.byName = byName;
    }

    /** Nobody. */
    static Clients none() {
        return new Clients(Map.of());
    }

    /** Returns who has one of these names; the first in the order of the file. */
    Optional<Identity> find(List<String> names) {
        return byName.entrySet().stream()
                .filter(entry -> names.contains(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    int size() {
        return byName.size();
    }

    /** Reads YAML; throws an {@link IllegalArgumentException} that says what is wrong with it. */
    static Clients read(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        options.setMaxAliasesForCollections(0);
        Object document;
        try {
            document = new Yaml(new SafeConstructor(options)).load(text);
        } catch (YAMLException e) {
            throw new IllegalArgumentException("is no YAML: " + e.getMessage(), e);
        }
        if (!(document instanceof Map<?, ?> map)
                || !map.keySet().equals(Set.of("clients"))
                || !(map.get("clients") instanceof List<?> clients)) {
            throw new IllegalArgumentException("must have 'clients', a list, and nothing else, like " + EXAMPLE);
        }
        Map<String, Identity> byName = new LinkedHashMap<>();
        for (int i = 0; i < clients.size(); i++) {
            try {
                add(clients.get(i), byName);
            } catch (IllegalArgumentException | ProblemException e) {
                throw new IllegalArgumentException("clients[" + i + "]: " + e.getMessage(), e);
            }
        }
        return new Clients(byName);
    }

    private static void add(@Nullable Object entry, Map<String, Identity> byName) {
        if (!(entry instanceof Map<?, ?> client)) {
            throw new IllegalArgumentException("must be an object, like " + EXAMPLE);
        }
        for (Object member : client.keySet()) {
            if (!MEMBERS.contains(String.valueOf(member))) {
                throw new IllegalArgumentException("there is no member '" + member + "'; there are " + MEMBERS);
            }
        }
        List<Grant> grants = Grants.read(JSON.writeValueAsString(client.get("grants")));
        Identity identity = new Identity("certificate:" + name(client.get("name")), grants);
        String known = known(client.get("subject"), client.get("san"));
        if (byName.put(known, identity) != null) {
            throw new IllegalArgumentException(known + " stands there twice");
        }
    }

    private static String name(@Nullable Object given) {
        if (!(given instanceof String name)
                || name.isBlank()
                || name.length() > LONGEST_NAME
                || name.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("'name' must be 1 to " + LONGEST_NAME
                    + " visible characters: it stands in the audit trail, as certificate:<name>");
        }
        return name;
    }

    private static String known(@Nullable Object subject, @Nullable Object alternative) {
        List<Object> given =
                Stream.of(subject, alternative).filter(Objects::nonNull).toList();
        if (given.size() != 1 || !(given.get(0) instanceof String text)) {
            throw new IllegalArgumentException("must have either 'subject' or 'san', a text");
        }
        return subject != null ? CertificateNames.subject(principal(text)) : alternative(text);
    }

    private static X500Principal principal(String text) {
        X500Principal principal;
        try {
            principal = new X500Principal(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'subject' must be a distinguished name, like CN=loader,O=Example", e);
        }
        if (principal.getName().isEmpty()) {
            throw new IllegalArgumentException("'subject' must not be empty: any certificate may have an empty one");
        }
        return principal;
    }

    private static String alternative(String text) {
        int colon = text.indexOf(':');
        String kind = colon < 0 ? "" : text.substring(0, colon);
        String value = text.substring(colon + 1);
        if (!CertificateNames.kinds().contains(kind) || value.isBlank() || value.contains("*")) {
            throw new IllegalArgumentException(
                    "'san' must be one whole name with its kind, one of " + new ArrayList<>(CertificateNames.kinds())
                            + ", like dns:loader.example.com; there are no patterns");
        }
        return CertificateNames.alternative(kind, value);
    }
}
