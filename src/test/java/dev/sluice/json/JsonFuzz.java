package dev.sluice.json;

import dev.sluice.fuzz.Refusal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Documents: accepted if Jackson accepts them, in one piece or in many. */
public final class JsonFuzz {

    private static final JsonMapper JACKSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(Scanned.LIMITS.maxDepth())
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        Scanned scanned = Scanned.document(data);
        boolean beyond =
                scanned.error().startsWith("EXPONENT") || scanned.error().startsWith("NUMBER_LENGTH");
        if (!beyond && !JsonScannerDifferentialTests.isWhereJacksonIsLax(data)) {
            Refusal.require(scanned.accepted() == accepted(data), "Jackson says otherwise than: " + scanned);
        }
        int size = 1 + data.length % 7;
        Refusal.require(
                Scanned.document(Pieces.ofSize(data, size), Scanned.LIMITS).equals(scanned),
                "in pieces of " + size + " it is something else than: " + scanned);
    }

    private static boolean accepted(byte[] data) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(data))
                    .toString();
            return !text.startsWith("\uFEFF") && !JACKSON.readTree(text).isMissingNode();
        } catch (CharacterCodingException | JacksonException e) {
            return false;
        }
    }
}
