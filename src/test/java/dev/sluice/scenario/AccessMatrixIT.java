package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.access.Needs;
import dev.sluice.access.Verb;
import dev.sluice.postgres.PostgresForTests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Every route for everybody: made of the routes that the service has, so that none can be left out. The documents show
 * the same table: {@code -Dsluice.test.write-matrix=true} writes it there.
 */
class AccessMatrixIT {

    private static final Path DOCUMENT = Path.of("src/docs/security.md");
    private static final String BEGIN = "<!-- made by AccessMatrixIT -->\n";
    private static final String END = "<!-- end -->";

    private static InProcess service;
    private static Client nobody;
    private static final Map<Verb, Client> ofMine = new EnumMap<>(Verb.class);
    private static final Map<Verb, Client> ofAll = new EnumMap<>(Verb.class);
    private static Client foreigner;
    private static Client revoked;

    /** A way to call the service. */
    record Route(String method, String path, List<Verb> needs) {

        boolean ofSink() {
            return path.contains("{sink}");
        }

        /* The parameter is unknown to all routes: whoever may pass is refused behind the rule. */
        String call() {
            return path.replace("{sink}", "mine")
                            .replace("{partition}", "0")
                            .replace("{type}", "table")
                            .replace("{offset}", "0")
                            .replace("{id}", "no-such-id")
                    + "?unknown-to-all=1";
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("administrator.key");
        service = InProcess.on(
                PostgresForTests.freshDatabase(),
                List.of(),
                "sluice.keys.administrator-file=" + file,
                "sluice.sinks.mine.type=table",
                "sluice.sinks.mine.partitions=0",
                "sluice.sinks.other.type=table",
                "sluice.sinks.other.partitions=0");
        nobody = service.client();
        Client admin = nobody.as(Files.readString(file).strip());
        for (Verb verb : Verb.values()) {
            ofAll.put(verb, nobody.as(key(admin, "*", verb.label()).text("key")));
            if (verb != Verb.ADMIN) {
                ofMine.put(verb, nobody.as(key(admin, "mine", verb.label()).text("key")));
            }
        }
        foreigner = nobody.as(key(admin, "other", "write\",\"read\",\"records\",\"define\",\"operate")
                .text("key"));
        Answer short1 = key(admin, "*", "write\",\"read\",\"admin");
        revoked = nobody.as(short1.text("key"));
        admin.method("DELETE", "/keys/" + short1.text("id"));
    }

    private static Answer key(Client admin, String sinks, String verbs) {
        return admin.post(
                "/keys",
                Client.JSON,
                "{\"note\":\"a test\",\"grants\":[{\"sinks\":\"" + sinks + "\",\"verbs\":[\"" + verbs + "\"]}]}");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    static List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        service.bean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .forEach((mapping, method) -> routes.addAll(routes(mapping, method)));
        routes.sort(Comparator.comparing(Route::path).thenComparing(Route::method));
        return routes;
    }

    private static List<Route> routes(RequestMappingInfo mapping, HandlerMethod method) {
        Needs needs = method.getMethodAnnotation(Needs.class);
        assertThat(needs).as("%s", method).isNotNull();
        return mapping.getPatternValues().stream()
                .filter(path -> !path.equals("/error"))
                // Pages for people are another matter: see ConsoleAccessIT.
                .filter(path -> !path.equals("/") && !path.startsWith("/console") && !path.equals("/problems/{type}"))
                .flatMap(path -> mapping.getMethodsCondition().getMethods().stream()
                        .map(RequestMethod::name)
                        .map(verb -> new Route(verb, path, List.of(needs.value()))))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("routes")
    void isWhatItsRuleSays(Route route) {
        for (Client unknown : List.of(nobody, revoked, nobody.as("nonsense"))) {
            call(unknown, route).isProblem(401, "unauthenticated");
        }
        for (Verb verb : Verb.values()) {
            boolean granted = route.needs().isEmpty() || route.needs().contains(verb);
            check(call(ofAll.get(verb), route), granted, 403);
            if (verb != Verb.ADMIN) {
                check(
                        call(ofMine.get(verb), route),
                        granted && (route.ofSink() || route.needs().isEmpty()),
                        403);
            }
        }
        if (route.ofSink()) {
            call(foreigner, route).isProblem(404, "unknown-sink");
        }
    }

    private static Answer call(Client client, Route route) {
        return switch (route.method()) {
            case "POST" -> client.post(route.call(), Client.JSON, "{}");
            case "PUT" -> client.put(route.call(), "{}");
            default -> client.method(route.method(), route.call());
        };
    }

    private static void check(Answer answer, boolean granted, int otherwise) {
        if (granted) {
            assertThat(answer.status()).as(answer.body().toString()).isNotIn(401, 403);
            assertThat(answer.text("type")).isNotEqualTo("/problems/unknown-sink");
        } else {
            answer.isProblem(otherwise, "forbidden");
        }
    }

    @Test
    void isShownInTheDocuments() throws IOException {
        String table = table();
        String document = Files.readString(DOCUMENT);
        int begin = document.indexOf(BEGIN) + BEGIN.length();
        int end = document.indexOf(END, begin);
        if (Boolean.getBoolean("sluice.test.write-matrix")) {
            Files.writeString(DOCUMENT, document.substring(0, begin) + table + document.substring(end));
        } else {
            assertThat(document.substring(begin, end))
                    .as("the table of routes in %s; -Dsluice.test.write-matrix=true writes it", DOCUMENT)
                    .isEqualTo(table);
        }
    }

    private static String table() {
        String verbs = Arrays.stream(Verb.values()).map(Verb::label).collect(Collectors.joining(" | "));
        String rows = routes().stream()
                .map(route -> "| `" + route + "` | "
                        + Stream.of(Verb.values())
                                .map(verb ->
                                        route.needs().isEmpty() || route.needs().contains(verb) ? "yes" : "")
                                .collect(Collectors.joining(" | "))
                        + " | "
                        + (route.ofSink() ? "the sink" : route.needs().isEmpty() ? "see below" : "all sinks")
                        + " |\n")
                .collect(Collectors.joining());
        return "| Route | " + verbs + " | of |\n|---|" + "---|".repeat(Verb.values().length + 1) + "\n" + rows;
    }
}
