package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the service answered. */
public record Answer(int status, String contentType, JsonNode body, HttpResponse<byte[]> response) {

    private static final JsonMapper JSON = new JsonMapper();

    static Answer of(HttpResponse<byte[]> response) {
        String type = response.headers().firstValue("Content-Type").orElse("");
        byte[] body = response.body();
        JsonNode parsed = type.contains("json") && !type.contains("ndjson") && body.length > 0
                ? JSON.readTree(body)
                : JSON.getNodeFactory().stringNode(new String(body, StandardCharsets.UTF_8));
        return new Answer(response.statusCode(), type, parsed, response);
    }

    /** Asserts that a batch was committed. */
    public Answer isWritten(String expected) {
        assertThat(status).as(body.toString()).isEqualTo(200);
        assertThat(text("status")).isEqualTo(expected);
        return this;
    }

    /** Asserts that this is a problem of that type, complete as every problem has to be. */
    public Answer isProblem(int expectedStatus, String type) {
        assertThat(status).as(body.toString()).isEqualTo(expectedStatus);
        assertThat(contentType).startsWith("application/problem+json");
        assertThat(text("type")).isEqualTo("/problems/" + type);
        assertThat(text("title")).isNotBlank();
        assertThat(text("detail")).isNotBlank();
        assertThat(body.path("status").intValue()).isEqualTo(expectedStatus);
        assertThat(body.path("retryable").isBoolean()).isTrue();
        assertThat(text("instance")).matches("urn:trace:[0-9a-f]{32}");
        assertThat(response.headers().firstValue("Sluice-Trace-Id"))
                .hasValue(text("instance").substring("urn:trace:".length()));
        if (expectedStatus == 503 || expectedStatus == 429) {
            assertThat(response.headers().firstValue("Retry-After")).isPresent();
            assertThat(body.path("retryable").booleanValue()).isTrue();
        }
        return this;
    }

    public Answer has(String member, long value) {
        assertThat(body.path(member).isIntegralNumber()).as(body.toString()).isTrue();
        assertThat(body.path(member).longValue()).as(member).isEqualTo(value);
        return this;
    }

    public Answer has(String member, String value) {
        assertThat(text(member)).as(member + " of " + body).isEqualTo(value);
        return this;
    }

    public Answer has(String member, boolean value) {
        assertThat(body.path(member).isBoolean()).as(body.toString()).isTrue();
        assertThat(body.path(member).booleanValue()).as(member).isEqualTo(value);
        return this;
    }

    public String text(String member) {
        JsonNode value = body.path(member);
        return value.isString() ? value.stringValue() : value.toString();
    }

    public long number(String member) {
        return body.path(member).longValue();
    }
}
