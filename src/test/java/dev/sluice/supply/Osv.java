package dev.sluice.supply;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The open database of vulnerabilities, asked over HTTP. An answer that is not understood is a failure, never "none". */
final class Osv {

    static final URI PUBLIC = URI.create("https://api.osv.dev/");

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final JsonMapper json = new JsonMapper();
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final URI base;

    Osv(URI base) {
        this.base = base;
    }

    /**
     * Asks about all of them.
     *
     * @throws IOException if that cannot be done, in whole or in part
     */
    Looked ask(List<Component> components) throws IOException, InterruptedException {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        List<Finding> findings = new ArrayList<>();
        for (Map.Entry<Component, Set<String>> each : ids(components).entrySet()) {
            for (String id : each.getValue()) {
                findings.add(finding(each.getKey(), get("v1/vulns/" + id)));
            }
        }
        Set<String> purls = new TreeSet<>();
        components.forEach(component -> purls.add(component.purl()));
        return new Looked(now.toString(), purls, findings);
    }

    private Map<Component, Set<String>> ids(List<Component> components) throws IOException, InterruptedException {
        Map<Component, Set<String>> ids = new LinkedHashMap<>();
        Map<Component, String> pages = new LinkedHashMap<>();
        components.forEach(component -> pages.put(component, ""));
        while (!pages.isEmpty()) {
            List<Component> asked = List.copyOf(pages.keySet());
            JsonNode results = post("v1/querybatch", query(pages)).path("results");
            if (results.size() != asked.size()) {
                throw new IOException("asked about " + asked.size() + " libraries, answered of " + results.size());
            }
            pages.clear();
            for (int i = 0; i < asked.size(); i++) {
                Set<String> known = ids.computeIfAbsent(asked.get(i), component -> new TreeSet<>());
                for (JsonNode vulnerability : results.get(i).path("vulns")) {
                    known.add(text(vulnerability, "id"));
                }
                String next = results.get(i).path("next_page_token").asString("");
                if (!next.isEmpty()) {
                    pages.put(asked.get(i), next);
                }
            }
        }
        return ids;
    }

    private ObjectNode query(Map<Component, String> pages) {
        ObjectNode body = json.createObjectNode();
        ArrayNode queries = body.putArray("queries");
        pages.forEach((component, page) -> {
            ObjectNode query = queries.addObject();
            query.putObject("package").put("purl", component.purl());
            if (!page.isEmpty()) {
                query.put("page_token", page);
            }
        });
        return body;
    }

    private static Finding finding(Component component, JsonNode advisory) throws IOException {
        List<String> aliases = new ArrayList<>();
        advisory.path("aliases").forEach(alias -> aliases.add(alias.asString("")));
        Set<String> fixed = new TreeSet<>();
        for (JsonNode affected : advisory.path("affected")) {
            if (affected.path("package").path("name").asString("").equals(component.coordinates())) {
                affected.path("ranges")
                        .forEach(range -> range.path("events").forEach(event -> {
                            if (event.has("fixed")) {
                                fixed.add(event.path("fixed").asString(""));
                            }
                        }));
            }
        }
        return new Finding(
                component.purl(),
                text(advisory, "id"),
                aliases,
                advisory.path("database_specific").path("severity").asString("UNKNOWN"),
                List.copyOf(fixed),
                advisory.path("summary").asString("no summary"));
    }

    private static String text(JsonNode node, String name) throws IOException {
        String text = node.path(name).asString("");
        if (text.isEmpty()) {
            throw new IOException("the answer has no " + name + ": " + node);
        }
        return text;
    }

    private JsonNode post(String path, JsonNode body) throws IOException, InterruptedException {
        return send(request(path).POST(BodyPublishers.ofString(body.toString())));
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve(path)).timeout(PATIENCE).header("Content-Type", "application/json");
    }

    private JsonNode send(HttpRequest.Builder builder) throws IOException, InterruptedException {
        HttpRequest request = builder.build();
        HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException(request.uri() + " answers " + response.statusCode());
        }
        try {
            return json.readTree(response.body());
        } catch (JacksonException e) {
            throw new IOException(request.uri() + " does not answer with JSON", e);
        }
    }
}
