package dev.sluice.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Accepts exactly what Jackson accepts.
 *
 * <p>Three differences are deliberate. Jackson is given text that the JDK has decoded, because its own decoder lets malformed
 * UTF-8 pass and guesses UTF-16 and UTF-32; a byte order mark is refused here; and so is an exponent beyond the limit.
 */
class JsonScannerDifferentialTests {

    private static final int DOCUMENTS = 60_000;
    private static final JsonMapper JACKSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final Pattern LAX_ESCAPE = Pattern.compile("\\\\u[0-9a-fA-F]{0,3}[\\x80-\\xFF]");
    private static final byte[] SPICE =
            "{}[]:,\"\\ \n\t\r0123456789-+.eEutrfnalsxé€𝄞/*'\0\u001f\u007f\uFEFF".getBytes(StandardCharsets.UTF_8);

    @Test
    void acceptsWhatJacksonAccepts() {
        long seed = Long.getLong("sluice.test.seed", System.nanoTime());
        System.out.println("JsonScannerDifferentialTests: -Dsluice.test.seed=" + seed);
        Random random = new Random(seed);
        List<String> seeds = JsonCases.legal().toList();
        int accepted = 0;
        for (int i = 0; i < DOCUMENTS; i++) {
            byte[] body = mutate(seeds.get(random.nextInt(seeds.size())).getBytes(StandardCharsets.UTF_8), random);
            Scanned scanned = Scanned.document(body);
            if (!scanned.error().startsWith("EXPONENT") && !isWhereJacksonIsLax(body)) {
                assertThat(scanned.accepted())
                        .as("seed %d, document %s: %s", seed, new String(body, StandardCharsets.ISO_8859_1), scanned)
                        .isEqualTo(jacksonAccepts(body));
            }
            assertThat(Scanned.document(Pieces.ofSize(body, 1 + random.nextInt(4)), Scanned.LIMITS))
                    .as("seed %d, in pieces: %s", seed, new String(body, StandardCharsets.ISO_8859_1))
                    .isEqualTo(scanned);
            accepted += scanned.accepted() ? 1 : 0;
        }
        assertThat(accepted).isBetween(DOCUMENTS / 20, DOCUMENTS * 19 / 20);
    }

    private static byte[] mutate(byte[] document, Random random) {
        byte[] body = document;
        for (int i = random.nextInt(4); i > 0; i--) {
            int from = random.nextInt(body.length + 1);
            int removed = random.nextInt(Math.min(3, body.length - from + 1));
            int added = random.nextInt(3);
            ByteBuffer mutated = ByteBuffer.allocate(body.length - removed + added);
            mutated.put(body, 0, from);
            for (int j = 0; j < added; j++) {
                mutated.put(random.nextInt(20) == 0 ? (byte) random.nextInt() : SPICE[random.nextInt(SPICE.length)]);
            }
            mutated.put(body, from + removed, body.length - from - removed);
            body = mutated.array();
        }
        return body;
    }

    // Of a character beyond ASCII, Jackson 3.1 looks at the lowest byte only: U+0441 (с) passes as the hex digit A.
    static boolean isWhereJacksonIsLax(byte[] body) {
        return LAX_ESCAPE.matcher(new String(body, StandardCharsets.ISO_8859_1)).find();
    }

    private static boolean jacksonAccepts(byte[] body) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
            return !text.startsWith("\uFEFF") && !JACKSON.readTree(text).isMissingNode();
        } catch (CharacterCodingException | JacksonException e) {
            return false;
        }
    }
}
