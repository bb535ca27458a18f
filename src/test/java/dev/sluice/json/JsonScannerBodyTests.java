package dev.sluice.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.json.JsonScanner.Form;
import dev.sluice.json.MalformedJson.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the readers of the body forms build on: the envelope and the lines. */
class JsonScannerBodyTests {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1000})
    void readsAnEnvelopeHoweverItArrives(int pieces) throws IOException {
        byte[] body = " {\n\"offset\" : 9223372036854775807 ,\"rec\\u006frds\\n\\\"é\":[ {\"a\":1} , 2]\n}\n"
                .getBytes(StandardCharsets.UTF_8);
        JsonScanner scanner =
                new JsonScanner(new ByteWindow(Pieces.ofSize(body, pieces)), Scanned.LIMITS, Form.DOCUMENT);
        scanner.expect('{');
        assertThat(scanner.memberName()).isEqualTo("offset");
        assertThat(scanner.nonNegativeInteger()).isEqualTo(Long.MAX_VALUE);
        scanner.expect(',');
        assertThat(scanner.memberName()).isEqualTo("records\n\"é");
        scanner.expect('[');
        scanner.scanValue();
        assertThat(Scanned.lastValue(scanner)).isEqualTo("{\"a\":1}");
        scanner.expect(',');
        scanner.scanValue();
        assertThat(Scanned.lastValue(scanner)).isEqualTo("2");
        scanner.expect(']');
        scanner.expect('}');
        assertThat(scanner.peek()).isEqualTo(MalformedJson.END);
        assertThat(scanner.line()).isEqualTo(4);
        assertThat(scanner.offset()).isEqualTo(body.length);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-1",
                "-0",
                "1.0",
                "1e2",
                "9223372036854775808",
                "\"7 \"",
                "\"-7\"",
                "\"\"",
                "\"1e2\"",
                "null",
                "true"
            })
    void quotesWhatIsNoOffset(String text) {
        assertThatThrownBy(() -> document(" " + text + " ").nonNegativeInteger())
                .isInstanceOf(MalformedJson.class)
                .hasMessage("expected an integer from 0 to 9223372036854775807, in digits, but found " + text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "\"7\"", "\"007\""})
    void takesDigitsInQuotesForAnOffset(String text) throws IOException {
        assertThat(document(" " + text + ",").nonNegativeInteger()).isEqualTo(7);
    }

    @Test
    void quotesNoMoreThanTheBeginningOfALongOne() {
        assertThatThrownBy(() -> document("1".repeat(99)).nonNegativeInteger())
                .hasMessageEndingWith("found " + "1".repeat(40) + "…");
        assertThatThrownBy(() -> document("\"9223372036854775808\"").nonNegativeInteger())
                .hasMessageEndingWith("but found \"9223372036854775808\"");
        assertThatThrownBy(() -> document("[1]").nonNegativeInteger()).hasMessage("expected an integer but found '['");
    }

    @Test
    void readsNoNameWithoutAnEnd() {
        assertThat(kindOf("\"" + "a".repeat(257) + "\":1")).isEqualTo(Kind.STRING_LENGTH);
        assertThat(kindOf("\"" + "a".repeat(100_000))).isEqualTo(Kind.STRING_LENGTH);
        assertThat(kindOf("\"" + "a".repeat(256))).isEqualTo(Kind.TRUNCATED);
        assertThat(kindOf("a:1")).isEqualTo(Kind.SYNTAX);
    }

    @Test
    void tellsWhatItExpected() {
        assertThatThrownBy(() -> document("[").expect('{')).hasMessage("expected '{' but found '['");
        assertThatThrownBy(() -> document("").expect('{')).hasMessage("expected '{' but found the end of the body");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1000})
    void readsOneValuePerLine(int pieces) throws IOException {
        byte[] body = "{\"a\": 1}\r\n 2 \n\n \n\t[3]".getBytes(StandardCharsets.UTF_8);
        JsonScanner scanner = new JsonScanner(new ByteWindow(Pieces.ofSize(body, pieces)), Scanned.LIMITS, Form.LINES);
        List<String> values = new ArrayList<>();
        while (scanner.peek() != MalformedJson.END) {
            scanner.scanValue();
            values.add(scanner.line() + ":" + Scanned.lastValue(scanner));
            if (scanner.peekInLine() != MalformedJson.END) {
                scanner.expect('\n');
            }
        }
        assertThat(values).containsExactly("1:{\"a\": 1}", "2:2", "5:[3]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[1,\n2]", "[\n]", "{\n}", "{\"a\"\n:1}", "{\"a\":\n1}", "[1\n]", "{\"a\":1,\n\"b\":2}"})
    void refusesAValueThatGoesOnOnTheNextLine(String value) {
        assertThatThrownBy(() -> lines(value).scanValue())
                .isInstanceOf(MalformedJson.class)
                .hasMessageContaining("but found a line feed: a value must end on the line it starts on")
                .hasMessageContaining("goes as application/json");
    }

    @Test
    void refusesTwoValuesOnALine() throws IOException {
        JsonScanner scanner = lines("1 2\n");
        scanner.scanValue();
        assertThatThrownBy(() -> scanner.expect('\n')).hasMessage("expected a line feed but found '2'");
    }

    private static Kind kindOf(String name) {
        return catchThrowableOfType(MalformedJson.class, () -> document(name).memberName())
                .kind();
    }

    private static JsonScanner document(String body) {
        return new JsonScanner(new ByteWindow(Pieces.whole(body)), Scanned.LIMITS, Form.DOCUMENT);
    }

    private static JsonScanner lines(String body) {
        return new JsonScanner(new ByteWindow(Pieces.whole(body)), Scanned.LIMITS, Form.LINES);
    }
}
