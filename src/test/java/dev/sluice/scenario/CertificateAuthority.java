package dev.sluice.scenario;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.security.auth.x500.X500Principal;

/** Issues certificates, in a millisecond each. */
final class CertificateAuthority {

    private static final AtomicLong SERIAL = new AtomicLong(1_000);
    private static final DateTimeFormatter UTC_TIME = DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'");
    private static final byte[] ECDSA_WITH_SHA256 = sequence(hex("06082a8648ce3d040302"));
    private static final char[] PASSWORD = "only in memory".toCharArray();

    private final String name;
    private final KeyPair keys = newKeys();
    private final X509Certificate certificate;

    CertificateAuthority(String name) {
        this.name = name;
        Instant now = Instant.now();
        byte[] basicConstraints = sequence(hex("0603551d13"), hex("0101ff"), tlv(0x04, sequence(hex("0101ff"))));
        this.certificate = sign(
                "CN=" + name,
                keys,
                now.minus(Duration.ofDays(400)),
                now.plus(Duration.ofDays(3_650)),
                basicConstraints);
    }

    /** A certificate and its key. */
    record Issued(X509Certificate certificate, PrivateKey key) {

        String pem() {
            return CertificateAuthority.pem("CERTIFICATE", encoded(certificate));
        }

        String keyPem() {
            return CertificateAuthority.pem("PRIVATE KEY", key.getEncoded());
        }

        String serial() {
            return certificate.getSerialNumber().toString(16);
        }
    }

    String pem() {
        return pem("CERTIFICATE", encoded(certificate));
    }

    /** Issues one for this machine. */
    Issued server() {
        return issue("CN=sluice", Duration.ofDays(30), "dns:localhost", "ip:127.0.0.1");
    }

    /** Issues one for a month from now; alternative names are like {@code dns:a.b}, {@code uri:…}, {@code ip:…}. */
    Issued issue(String subject, String... alternativeNames) {
        return issue(subject, Duration.ofDays(30), alternativeNames);
    }

    /** Issues one since a while ago. */
    Issued issue(String subject, Duration left, String... alternativeNames) {
        Instant now = Instant.now();
        return issue(subject, now.minus(Duration.ofDays(100)), now.plus(left), alternativeNames);
    }

    Issued issue(String subject, Instant from, Instant until, String... alternativeNames) {
        KeyPair own = newKeys();
        byte[][] names = new byte[alternativeNames.length][];
        for (int i = 0; i < names.length; i++) {
            names[i] = generalName(alternativeNames[i]);
        }
        byte[] extension = names.length == 0 ? new byte[0] : sequence(hex("0603551d11"), tlv(0x04, sequence(names)));
        return new Issued(sign(subject, own, from, until, extension), own.getPrivate());
    }

    /** Returns a client's context that trusts this authority, and shows what it was given, if anything. */
    SSLContext client(Issued... shown) {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, PASSWORD);
            trusted.setCertificateEntry("authority", certificate);
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            KeyStore own = KeyStore.getInstance("PKCS12");
            own.load(null, PASSWORD);
            for (Issued one : shown) {
                own.setKeyEntry("own", one.key(), PASSWORD, new X509Certificate[] {one.certificate()});
            }
            KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keyManagers.init(own, PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keyManagers.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private X509Certificate sign(String subject, KeyPair own, Instant from, Instant until, byte[] extension) {
        try {
            byte[] toBeSigned = sequence(
                    tlv(0xa0, hex("020102")),
                    tlv(0x02, BigInteger.valueOf(SERIAL.incrementAndGet()).toByteArray()),
                    ECDSA_WITH_SHA256,
                    new X500Principal("CN=" + name).getEncoded(),
                    sequence(time(from), time(until)),
                    new X500Principal(subject).getEncoded(),
                    own.getPublic().getEncoded(),
                    extension.length == 0 ? extension : tlv(0xa3, sequence(extension)));
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(keys.getPrivate());
            signature.update(toBeSigned);
            byte[] signed =
                    sequence(toBeSigned, ECDSA_WITH_SHA256, tlv(0x03, concat(new byte[] {0}, signature.sign())));
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(signed));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] time(Instant at) {
        return tlv(0x17, UTC_TIME.format(at.atOffset(ZoneOffset.UTC)).getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] generalName(String alternativeName) {
        int colon = alternativeName.indexOf(':');
        String value = alternativeName.substring(colon + 1);
        byte[] text = value.getBytes(StandardCharsets.US_ASCII);
        return switch (alternativeName.substring(0, colon)) {
            case "email" -> tlv(0x81, text);
            case "dns" -> tlv(0x82, text);
            case "uri" -> tlv(0x86, text);
            case "ip" -> tlv(0x87, address(value));
            default -> throw new IllegalArgumentException(alternativeName);
        };
    }

    private static byte[] address(String literal) {
        try {
            return InetAddress.getByName(literal).getAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(literal, e);
        }
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(String what, byte[] content) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + what
                + "-----\n";
    }

    private static byte[] sequence(byte[]... parts) {
        return tlv(0x30, concat(parts));
    }

    private static byte[] tlv(int tag, byte[] content) {
        int length = content.length;
        byte[] head = length < 0x80
                ? new byte[] {(byte) tag, (byte) length}
                : length < 0x100
                        ? new byte[] {(byte) tag, (byte) 0x81, (byte) length}
                        : new byte[] {(byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length};
        return concat(head, content);
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }
}
