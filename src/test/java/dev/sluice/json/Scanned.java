package dev.sluice.json;

import dev.sluice.json.JsonScanner.Form;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** What came of a body that should be one value: its bytes (as Latin-1), or why not and where. */
record Scanned(String value, String error) {

    static final JsonLimits LIMITS = JsonLimits.ofRecordBytes(100_000);

    static Scanned document(InputStream body, JsonLimits limits) {
        try {
            JsonScanner scanner = new JsonScanner(new ByteWindow(body), limits, Form.DOCUMENT);
            scanner.scanValue();
            String value = lastValue(scanner);
            if (scanner.peek() != MalformedJson.END) {
                return new Scanned("", "more at " + scanner.offset());
            }
            return new Scanned(value, "");
        } catch (MalformedJson e) {
            return new Scanned("", e.kind() + " at " + e.offset() + " line " + e.line() + ": " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Scanned document(byte[] body) {
        return document(Pieces.whole(body), LIMITS);
    }

    static String lastValue(JsonScanner scanner) {
        return new String(scanner.buffer(), scanner.start(), scanner.length(), StandardCharsets.ISO_8859_1);
    }

    boolean accepted() {
        return error.isEmpty();
    }
}
