package dev.sluice.scenario;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Lets tests that know nothing of keys run against services that want one: {@code -Dsluice.test.keys=true}. What they
 * define may reach what it may without keys. Services of tests that set who may do what are left alone.
 */
final class KeysForTests {

    private static final Path FILE = file();
    private static final Set<Integer> PORTS = ConcurrentHashMap.newKeySet();

    private static final List<String> OWN =
            List.of("sluice.keys.", "sluice.jwt.", "sluice.certificates.", "sluice.security.open-to-the-network");
    private static final List<String> UNCONFINED =
            List.of("sluice.files.roots=/", "sluice.http.allow=*", "sluice.tables.schemas=*");

    private KeysForTests() {}

    /** Returns the settings by which a service with these settings wants the key; none if it is to be left alone. */
    static List<String> settings(Collection<String> given) {
        List<String> settings = new ArrayList<>();
        if (wantsKey(given)) {
            settings.add("sluice.keys.administrator-file=" + FILE);
            UNCONFINED.stream()
                    .filter(setting -> given.stream().noneMatch(other -> other.startsWith(nameOf(setting))))
                    .forEach(settings::add);
        }
        return settings;
    }

    /** Says that a service with these settings listens on a port. */
    static void listens(int port, Collection<String> given) {
        if (wantsKey(given)) {
            PORTS.add(port);
        } else {
            PORTS.remove(port);
        }
    }

    /** Returns the key that the service on a port wants, empty if that is none. */
    static String keyFor(int port) {
        try {
            return PORTS.contains(port) ? Files.readString(FILE).strip() : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns a request, as it is sent, with the key in its head where the service on a port wants one. */
    static String inHead(String request, int port) {
        String host = "Host: localhost\r\n";
        String key = keyFor(port);
        return key.isEmpty() || request.contains("Authorization:")
                ? request
                : request.replace(host, host + "Authorization: Bearer " + key + "\r\n");
    }

    private static boolean wantsKey(Collection<String> given) {
        return Boolean.getBoolean("sluice.test.keys")
                && given.stream().noneMatch(setting -> OWN.stream().anyMatch(setting::startsWith));
    }

    private static String nameOf(String setting) {
        return setting.substring(0, setting.indexOf('='));
    }

    private static Path file() {
        try {
            return Files.createTempDirectory("sluice-keys").resolve("administrator.key");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
