package dev.sluice.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which documents are JSON, however the network cuts them. */
class JsonScannerTests {

    @ParameterizedTest
    @MethodSource("dev.sluice.json.JsonCases#legal")
    void acceptsWhatIsJsonHoweverItArrives(String document) {
        byte[] body = document.getBytes(StandardCharsets.UTF_8);
        String raw = new String(body, StandardCharsets.ISO_8859_1);
        assertSameHoweverCut(body, new Scanned(strip(raw), ""));
    }

    @ParameterizedTest
    @MethodSource("dev.sluice.json.JsonCases#legal")
    void acceptsItInsideOtherValuesToo(String document) {
        for (String around : new String[] {"[%s]", "[1,%s ,{}]", "{\"a\":%s}", "\n[ [ %s,null ] ]\r\n"}) {
            String wrapped = around.replace("%s", document);
            byte[] body = wrapped.getBytes(StandardCharsets.UTF_8);
            String raw = new String(body, StandardCharsets.ISO_8859_1);
            assertThat(Scanned.document(body)).isEqualTo(new Scanned(strip(raw), ""));
        }
    }

    @ParameterizedTest
    @MethodSource({
        "dev.sluice.json.JsonCases#illegalStructures",
        "dev.sluice.json.JsonCases#illegalNumbers",
        "dev.sluice.json.JsonCases#illegalStrings"
    })
    void refusesWhatIsNotJson(String document) {
        byte[] body = document.getBytes(StandardCharsets.UTF_8);
        assertThat(Scanned.document(body).accepted()).isFalse();
        assertSameHoweverCut(body, Scanned.document(body));
    }

    @ParameterizedTest
    @MethodSource("dev.sluice.json.JsonCases#illegalUtf8")
    void refusesBytesThatAreNotUtf8(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        for (String around : new String[] {"[\"%s\"]", "\"%s\"", "{\"%s\":1}", "[\"\u00C3\u00A9%s"}) {
            byte[] body = around.replace("%s", text).getBytes(StandardCharsets.ISO_8859_1);
            assertThat(Scanned.document(body).accepted()).isFalse();
            assertSameHoweverCut(body, Scanned.document(body));
        }
        byte[] inArray = ("[\"" + text + "\"]").getBytes(StandardCharsets.ISO_8859_1);
        assertThat(Scanned.document(inArray).error()).startsWith("ENCODING");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\uFEFF[]", "\uFEFF", " \uFEFF{}", "[\uFEFF1]"})
    void refusesAByteOrderMarkByItsName(String document) {
        byte[] body = document.getBytes(StandardCharsets.UTF_8);
        assertThat(Scanned.document(body).error())
                .startsWith("ENCODING")
                .endsWith("found a byte order mark; send UTF-8 without one");
        assertSameHoweverCut(body, Scanned.document(body));
    }

    @ParameterizedTest
    @MethodSource("dev.sluice.json.JsonCases#legal")
    void refusesOrAcceptsEveryBeginningOfADocumentTheSameWayHoweverCut(String document) {
        byte[] body = document.getBytes(StandardCharsets.UTF_8);
        for (int length = 0; length < body.length; length++) {
            byte[] head = Arrays.copyOf(body, length);
            assertSameHoweverCut(head, Scanned.document(head));
        }
    }

    private static void assertSameHoweverCut(byte[] body, Scanned expected) {
        assertThat(Scanned.document(body)).isEqualTo(expected);
        assertThat(Scanned.document(Pieces.ofSize(body, 1), Scanned.LIMITS)).isEqualTo(expected);
        for (int split = 1; split < body.length; split++) {
            assertThat(Scanned.document(Pieces.splitAt(body, split), Scanned.LIMITS))
                    .as("split at %d", split)
                    .isEqualTo(expected);
        }
    }

    private static String strip(String raw) {
        return raw.replaceAll("^[ \\t\\r\\n]+|[ \\t\\r\\n]+$", "");
    }
}
