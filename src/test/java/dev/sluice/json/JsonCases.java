package dev.sluice.json;

import java.util.HexFormat;
import java.util.stream.Stream;

/** What parsers of JSON are known to get wrong. */
final class JsonCases {

    private JsonCases() {}

    // Not String.lines(): a carriage return is part of a case.
    private static Stream<String> lines(String cases) {
        return Stream.of(cases.split("\n"));
    }

    static Stream<String> legal() {
        Stream<String> inText = lines("""
                []
                [ ]
                [[]   ]
                [""]
                [[],[[]]]
                [1 ]
                 [1]
                [1,null,null,null,2]
                [null, 1, "1", {}]
                [false]
                [true]
                {}
                { }
                {"":0}
                {"a":[]}
                {"a":"b","a":"c"}
                {"a":"b","a":"b"}
                {"asd":"sdf", "dfg":"fgh"}
                { "min": -1.0e+28, "max": 1.0e+28 }
                {"foo\\u0000bar": 42}
                {"x":[{"id": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}], "id": "x"}
                {"title":"\\u041f\\u043e\\u043b\\u0442\\u043e\\u0440\\u0430" }
                {"a":{"b":{"c":[{"d":{}}]}}}
                [123e65]
                [0e+1]
                [0e1]
                [ 4]
                [-0.000000000000000000000000000000000000000000000000000000000000000000000000000001]
                [20e1]
                [-0]
                [-123]
                [-1]
                [1E22]
                [1E-2]
                [1E+2]
                [123e45]
                [123.456e78]
                [1e-2]
                [1e+2]
                [1e0000000000000000000000000000000000000000000000000000000400]
                [123]
                [123.456789]
                ["\\u0060\\u012a\\u12AB"]
                ["\\uD801\\udc37"]
                ["\\ud83d\\ude39\\ud83d\\udc8d"]
                ["\\"\\\\\\/\\b\\f\\n\\r\\t"]
                ["\\\\u0000"]
                ["\\""]
                ["a/*b*/c/*d//e"]
                ["\\\\a"]
                ["\\\\n"]
                ["\\u0012"]
                ["\\uFFFF"]
                ["asd"]
                [ "asd"]
                ["\\uDBFF\\uDFFF"]
                ["new\\u00A0line"]
                ["\uDBFF\uDFFF"]
                ["\uFFFF"]
                ["\\u0000"]
                ["\\u002c"]
                ["π"]
                ["\uD834\uDD1E\u0080\u07FF\u0800\uD7FF\uE000\uFFFD\uD800\uDC00"]
                ["asd "]
                " "
                ["\\uD834\\uDd1e"]
                ["\\u0821"]
                ["\\u0123"]
                ["\u007f"]
                ["\\u0061\\u30af\\u30EA\\u30b9"]
                ["⍂㈴⍂"]
                ["\uFEFF"]
                ["\\uFEFF"]
                ["\\uD800"]
                ["\\uDFAA"]
                ["\\uD888\\u1234"]
                ["\\u200B"]
                ["\\u2064"]
                ["€𝄞"]
                ["aa\\u0000"]
                false
                42
                -0.1
                null
                "asd"
                true
                ""
                0
                -0
                0.0
                0e0
                [1,2,3,-4,5.5e5,"six",{"7":8}]
                [{}, {"a":[[[[[[[[[[[[[[[[[[[[{}]]]]]]]]]]]]]]]]]]]]}]
                \t[\t\r 1\t,\r2 ]\r\s
                {"a"\t:\r1 ,\t"b":\t2}
                """);
        return Stream.concat(inText, Stream.of("[\"\u2028\"]", "[\"\u2029\"]", "[\"\u0085\"]"));
    }

    static Stream<String> illegalStructures() {
        Stream<String> inText = lines("""
                [1 true]
                ["": 1]
                [""],
                [,1]
                [1,,2]
                ["x",,]
                ["x"]]
                ["",]
                ["x"
                [x
                [3[4]]
                [1:2]
                [,]
                [-]
                [   ,
                [1,
                [""
                [*]
                [{}
                [1,]
                ["a" "b"]
                [fals]
                [nul]
                [tru]
                [True]
                [NULL]
                nulll
                truefalse
                {"x", null}
                {"x"::"b"}
                {"a":"a" 123}
                {key: 'value'}
                {"a" b}
                {:"b"}
                {"a" "b"}
                {"a":
                {"a"
                {1:1}
                {9999E9999:1}
                {null:null,null:null}
                {"id":0,,,,,}
                {'a':0}
                {"id":0,}
                {"a":"b"}/**/
                {"a":"b"}/**//
                {"a":"b"}//
                {"a":/*comment*/"b"}
                {"a":"b",,"c":"d"}
                {a: "b"}
                {"a":"a
                { "foo" : "bar", "a" }
                {"a":"b"}#
                {"a":true} "x"
                [][]
                {}}
                ]
                }
                [}
                {]
                [{]
                [{"a":1]}
                {"a":[1}]
                <null>
                [<null>]
                [a
                [a]
                *
                '
                'x'
                a
                abc
                [\fa]
                [\f]
                [\u2060]
                \u2060
                [\u00a0]
                [\u00ff1]
                å
                [1}
                [True]
                1]
                {"x": true,
                [[]
                {
                [
                [{
                {[
                {,
                {"a
                {"a":1,"b"
                (1)
                ["a",
                ,
                :
                // no value
                [1]x
                [1] 2
                1 2
                [1],[2]
                [1\u0000]
                \u0000
                [1\036]
                [1\013]
                undefined
                [１]
                {"a"：1}
                [1，2]
                """);
        return Stream.concat(
                inText,
                Stream.of(
                        "",
                        " ",
                        "\n\n",
                        "[\n1\n,1\n,1",
                        "[\"a\",\n4\n,1,",
                        "[\n\n}",
                        "[1\u0085,2]",
                        "[1\u2028]",
                        "[".repeat(100_000)));
    }

    static Stream<String> illegalNumbers() {
        return lines("""
                -
                +1
                ++1234
                -01
                -1.0.
                -2.
                -NaN
                .-1
                .2e-3
                0.1.2
                0.3e+
                0.3e
                0.e1
                0E+
                0E
                0e
                0e+
                1.0e+
                1.0e-
                1.0e
                1 000.0
                1eE2
                1e+-2
                1e1.5
                2.e+3
                2.e-3
                2.e3
                9.e+
                Inf
                NaN
                Infinity
                -Infinity
                1+2
                0x1
                0x42
                0b1
                0o7
                1_000
                - 1
                -foo
                -.123
                1.
                1.a
                1.2a
                1.8011670033376514H-308
                012
                00
                -00
                -012
                123a
                1e401
                1e-401
                1e99999999999999999999999999
                ٣
                1٣
                """).flatMap(number -> Stream.of(number, "[" + number + "]", "{\"a\": " + number + " }"));
    }

    static Stream<String> illegalStrings() {
        Stream<String> inText = lines("""
                "
                "a
                "\\
                "\\"
                "\\u
                "\\u0
                "\\u00
                "\\u000
                "\\u00A"
                "\\u000G"
                "\\uD834\\u"
                "\\uD834\\uDd"
                "\\u-123"
                "\\u 123"
                "\\u123é"
                "\\u١٢٣٤"
                "\\x00"
                "\\a"
                "\\'"
                "\\0"
                "\\U0041"
                "\\é"
                "\\🌀"
                "\\\\\\"
                "\\\t"
                "\\"x
                "\\uD800\\"
                "a\tb"
                "a\u0000b"
                "a\u001fb"
                "a\u0001"
                “a”
                'single'
                \\n
                asd
                \\u0020"asd"
                `a`
                "a" "b"
                "a"b
                "é
                """).flatMap(text -> Stream.of(text, "[" + text + "]", "{" + text + ": 1}"));
        return Stream.concat(inText, Stream.of("\"a\nb\"", "\"a\rb\"", "[\"\\\n\"]", "\"\\u00\n0A\""));
    }

    /** Contents of strings, in hexadecimal. */
    static Stream<byte[]> illegalUtf8() {
        return lines("""
                80
                BF
                C0 AF
                C0 80
                C1 BF
                C2
                C2 C2
                C3 28
                E0 80 AF
                E0 9F BF
                E2 82
                E2 28 A1
                E2 82 28
                ED A0 80
                ED BF BF
                ED A0 B4 ED B4 9E
                F0 80 80 AF
                F0 8F BF BF
                F0 28 8C BC
                F0 90 28 BC
                F0 90 8C 28
                F0 90 8C
                F4 90 80 80
                F4 BF BF BF
                F5 80 80 80
                F8 88 80 80 80
                FC 83 BF BF BF BF
                FE
                FF
                E9
                63 61 66 E9
                C3 A9 E9 20
                E6 F8 E5""").map(HexFormat.ofDelimiter(" ")::parseHex);
    }
}
