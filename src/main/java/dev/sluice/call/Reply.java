package dev.sluice.call;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/** What the API has answered to a call. */
public final class Reply {

    private static final JsonMapper JSON = new JsonMapper();

    private final Call call;
    private final int status;
    private final HttpHeaders headers;
    private final byte[] bytes;
    private final Facts facts;

    Reply(Call call, int status, HttpHeaders headers, byte[] bytes) {
        this.call = call;
        this.status = status;
        this.headers = headers;
        this.bytes = bytes;
        this.facts = bytes.length == 0 ? Facts.NONE : parse(bytes);
    }

    private static Facts parse(byte[] bytes) {
        try {
            return Facts.of(JSON.readTree(bytes));
        } catch (JacksonException e) {
            return Facts.NONE;
        }
    }

    /** Returns the call. */
    public Call call() {
        return call;
    }

    /** Returns the HTTP status. */
    public int status() {
        return status;
    }

    /** Whether it was done; if not, {@link #facts} is a problem. */
    public boolean isOk() {
        return status < 300;
    }

    /** Returns the answer. */
    public Facts facts() {
        return facts;
    }

    /** Returns a header. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.getFirst(name));
    }

    /** Returns a member of the answer byte by byte as it stands there; empty where there is none. */
    public Optional<String> raw(String member) {
        try (JsonParser parser = JSON.createParser(bytes)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean wanted = parser.currentName().equals(member);
                parser.nextToken();
                int from = (int) parser.currentTokenLocation().getByteOffset();
                parser.skipChildren();
                parser.finishToken();
                int to = (int) parser.currentLocation().getByteOffset();
                if (wanted) {
                    return Optional.of(new String(bytes, from, to - from, StandardCharsets.UTF_8).strip());
                }
            }
            return Optional.empty();
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }
}
