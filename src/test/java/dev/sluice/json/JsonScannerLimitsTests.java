package dev.sluice.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a value becomes too much, and what the sender is told, wherever the network cuts the body. */
class JsonScannerLimitsTests {

    private static final JsonLimits SMALL = new JsonLimits(20, 3, 5, 6, 400);

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            [[[1]]]                 | ok
            [[{}],[[]]]             | ok
            [[[[1]]]]               | DEPTH at 3 line 1: arrays and objects must not be nested deeper than 3
            [[{"a":{}}]]            | DEPTH at 7 line 1: arrays and objects must not be nested deeper than 3
            ["12345"]               | ok
            ["123456"]              | STRING_LENGTH at 1 line 1: the string that starts here is longer than 5 bytes
            ["123é"]                | ok
            ["1234é"]               | STRING_LENGTH at 1 line 1: the string that starts here is longer than 5 bytes
            ["\\u00e"]              | SYNTAX at 7 line 1: expected four hexadecimal digits after \\u but found '"'
            ["\\u00e9"]             | STRING_LENGTH at 1 line 1: the string that starts here is longer than 5 bytes
            {"123456":1}            | STRING_LENGTH at 1 line 1: the string that starts here is longer than 5 bytes
            ["aaaaaaaaaaaaaaaaaaaaa | STRING_LENGTH at 1 line 1: the string that starts here is longer than 5 bytes
            [-12.45]                | ok
            [-12.456]               | NUMBER_LENGTH at 1 line 1: the number that starts here is longer than 6 characters
            [1e400]                 | ok
            [1e-401]                | EXPONENT at 1 line 1: the number that starts here has an exponent beyond 400
            [1,2,3,4,5,6,7,8, 0]    | ok
            [1,2,3,4,5,6,7,8, 90]   | RECORD_SIZE at 0 line 1: the value that starts here is longer than 20 bytes
            [1,2,3,4,5,6,7,8,  ?    | SYNTAX at 19 line 1: expected a value but found '?'
            [1,2,3,4,5,6,7,8,   ?   | SYNTAX at 20 line 1: expected a value but found '?'
            [1,2,3,4,5,6,7,8,    ?  | RECORD_SIZE at 0 line 1: the value that starts here is longer than 20 bytes
            123456789012345678901   | RECORD_SIZE at 0 line 1: the value that starts here is longer than 20 bytes
            """)
    void stopsAtALimitWhereverTheBodyIsCut(String document, String outcome) {
        byte[] body = document.getBytes(StandardCharsets.UTF_8);
        String expected = outcome.equals("ok") ? "" : outcome;
        assertThat(Scanned.document(Pieces.whole(body), SMALL).error()).isEqualTo(expected);
        assertThat(Scanned.document(Pieces.ofSize(body, 1), SMALL).error()).isEqualTo(expected);
        for (int split = 1; split < body.length; split++) {
            assertThat(Scanned.document(Pieces.splitAt(body, split), SMALL).error())
                    .isEqualTo(expected);
        }
    }

    @Test
    void tellsTheLineAndThePositionOfWhatIsWrong() {
        assertThat(error("[1,\n 2\n 3]"))
                .isEqualTo("SYNTAX at 8 line 3: expected ',' or ']' after a value but found '3'");
        assertThat(error("{\"a\": [1}"))
                .isEqualTo("SYNTAX at 8 line 1: expected ',' or ']' after a value but found '}'");
        assertThat(error("{\"a\" 1}")).isEqualTo("SYNTAX at 5 line 1: expected ':' after a member name but found '1'");
        assertThat(error("\n{\"a\":1,}"))
                .isEqualTo(
                        "SYNTAX at 8 line 2: expected another one after the comma but found '}': leave the last comma out");
        assertThat(error("[1,\r\n")).isEqualTo("TRUNCATED at 5 line 2: expected a value but found the end of the body");
        assertThat(error("[\"a\tb\"]"))
                .isEqualTo("SYNTAX at 3 line 1: a string must not contain control characters unescaped, found a tab");
        assertThat(error("[\u0000]"))
                .isEqualTo(
                        "SYNTAX at 1 line 1: expected a value but found byte 0x00: this may be UTF-16 or UTF-32; send UTF-8");
        assertThat(error("[é]")).isEqualTo("SYNTAX at 1 line 1: expected a value but found byte 0xC3");
        assertThat(error("['a']"))
                .isEqualTo(
                        "SYNTAX at 1 line 1: expected a value but found a single quote: strings and names stand in double quotes");
        assertThat(error("[truE]"))
                .startsWith("SYNTAX at 4 line 1: expected true but found 'E': true, false and null, in small letters");
        assertThat(error("[1,]"))
                .isEqualTo(
                        "SYNTAX at 3 line 1: expected another one after the comma but found ']': leave the last comma out");
        assertThat(error("[[],[1,2, ]]"))
                .isEqualTo(
                        "SYNTAX at 10 line 1: expected another one after the comma but found ']': leave the last comma out");
        assertThat(error("]")).isEqualTo("SYNTAX at 0 line 1: expected a value but found ']'");
        assertThat(error("{\"a\":]}")).isEqualTo("SYNTAX at 5 line 1: expected a value but found ']'");
        assertThat(error("[\"abc")).isEqualTo("TRUNCATED at 5 line 1: the body ends inside a string");
        assertThat(error("[-]")).isEqualTo("SYNTAX at 2 line 1: expected a digit after the minus sign but found ']'");
    }

    @Test
    void nestsAsDeepAsAllowedAndNoDeeper() {
        assertThat(error("[".repeat(500) + "]".repeat(500))).isEmpty();
        assertThat(error("{\"a\":".repeat(501) + "1" + "}".repeat(501))).startsWith("DEPTH at 2500 ");
    }

    private static String error(String document) {
        return Scanned.document(document.getBytes(StandardCharsets.UTF_8)).error();
    }
}
