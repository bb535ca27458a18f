package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.web.util.HtmlUtils;

/** A browser without scripts: it reads pages, keeps the session's cookie and sends the forms that it has read. */
final class Browser {

    private static final Pattern INPUT =
            Pattern.compile("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\">");
    private static final Pattern COMMAND = Pattern.compile("<code>(curl .*?)</code>", Pattern.DOTALL);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String base;
    private String cookie = "";

    /** A page, or where another one is. */
    record Shown(int status, String html, HttpResponse<String> response) {

        String location() {
            return response.headers().firstValue("Location").orElse("");
        }

        /** Returns its text as a reader sees it, nearly. */
        String text() {
            return HtmlUtils.htmlUnescape(html.replaceAll("<[^>]+>", " ")).replaceAll("\\s+", " ");
        }

        List<String> commands() {
            return COMMAND.matcher(html)
                    .results()
                    .map(found -> HtmlUtils.htmlUnescape(found.group(1)))
                    .toList();
        }

        Map<String, String> hidden() {
            Map<String, String> hidden = new LinkedHashMap<>();
            Matcher input = INPUT.matcher(html);
            while (input.find()) {
                hidden.put(input.group(1), HtmlUtils.htmlUnescape(input.group(2)));
            }
            return hidden;
        }

        /** Returns what a text field holds. */
        String field(String name) {
            Matcher input = Pattern.compile("<input id=\"[^\"]+\" name=\"" + name + "\" value=\"([^\"]*)\"")
                    .matcher(html);
            assertThat(input.find()).as("there is a field " + name).isTrue();
            return HtmlUtils.htmlUnescape(input.group(1));
        }

        Shown is(int expected) {
            assertThat(status).as(text()).isEqualTo(expected);
            return this;
        }
    }

    Browser(int port) {
        this.base = "http://127.0.0.1:" + port;
    }

    /** Returns one that has signed in. */
    Browser signedIn(String credential) {
        Shown form = get("/console/sign-in").is(200);
        Shown done = post("/console/sign-in", form, "credential", credential);
        assertThat(done.status()).as(done.text()).isEqualTo(303);
        return this;
    }

    String cookie() {
        return cookie;
    }

    Browser withCookie(String value) {
        Browser other = new Browser(URI.create(base).getPort());
        other.cookie = value;
        return other;
    }

    Shown get(String path, String... headers) {
        return send(request(path, headers).GET());
    }

    /** Sends the form of a page, with its hidden fields and these: a name, its value, and so on. */
    Shown post(String path, Shown form, String... fields) {
        return post(path, form, List.of(), fields);
    }

    Shown post(String path, Shown form, List<String> headers, String... fields) {
        Map<String, String> all = new LinkedHashMap<>(form.hidden());
        for (int i = 0; i < fields.length; i += 2) {
            all.put(fields[i], fields[i + 1]);
        }
        String body = all.entrySet().stream()
                .map(field -> field.getKey() + "=" + encoded(field.getValue()))
                .collect(Collectors.joining("&"));
        List<String> more = new ArrayList<>(headers);
        more.add("Content-Type");
        more.add("application/x-www-form-urlencoded");
        return send(request(path, more.toArray(String[]::new)).POST(BodyPublishers.ofString(body)));
    }

    /** Returns a text as the value of a parameter. */
    static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    private HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + path)).header("Accept", "text/html,*/*;q=0.8");
        if (!cookie.isEmpty()) {
            request.header("Cookie", cookie);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return request;
    }

    private Shown send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
            answer.headers()
                    .firstValue("Set-Cookie")
                    .ifPresent(set -> cookie = set.contains("Max-Age=0") ? "" : set.substring(0, set.indexOf(';')));
            return new Shown(answer.statusCode(), answer.body(), answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
