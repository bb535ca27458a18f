package dev.sluice.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every parser of bytes with what has been found before, and with that changed a little. {@code src/bench/fuzz} goes on
 * from there, by what the parser does with it.
 */
class FuzzCorpusTests {

    private static final Path SOURCES = Path.of("src/test/java");
    private static final Path CORPUS = Path.of("src/test/corpus");
    private static final String END = "Fuzz.java";
    private static final int CHANGES = 2_000;
    private static final byte[] SPICE =
            "{}[]:,\"\\ \n\r0-9.eE+tfn\0\u0001/%&=;*~".getBytes(StandardCharsets.ISO_8859_1);

    static List<String> targets() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith(END))
                    .map(file -> SOURCES.relativize(file)
                            .toString()
                            .replace('/', '.')
                            .replaceFirst("\\.java$", ""))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void holdsForWhatWasFound(String target) throws Exception {
        Method test = Class.forName(target).getMethod("fuzzerTestOneInput", byte[].class);
        List<byte[]> inputs = corpus(target.substring(target.lastIndexOf('.') + 1));
        assertThat(inputs).as("%s/…, without which nothing is tried", CORPUS).isNotEmpty();
        for (byte[] input : inputs) {
            run(test, input);
        }
        Random random = new Random(20_261_130);
        for (int i = 0; i < CHANGES; i++) {
            run(test, changed(inputs.get(random.nextInt(inputs.size())), random));
        }
    }

    private static List<byte[]> corpus(String name) throws IOException {
        List<byte[]> inputs = new ArrayList<>();
        try (Stream<Path> files = Files.list(CORPUS.resolve(name))) {
            for (Path file : files.sorted().toList()) {
                inputs.add(Files.readAllBytes(file));
            }
        }
        return inputs;
    }

    private static void run(Method test, byte[] input) throws Exception {
        try {
            test.invoke(null, (Object) input);
        } catch (InvocationTargetException e) {
            throw new AssertionError("with " + Arrays.toString(input), e.getCause());
        }
    }

    private static byte[] changed(byte[] input, Random random) {
        byte[] bytes = input;
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            int at = random.nextInt(bytes.length + 1);
            int removed = random.nextInt(Math.min(4, bytes.length - at + 1));
            byte[] added = new byte[random.nextInt(3)];
            for (int j = 0; j < added.length; j++) {
                added[j] = random.nextInt(8) == 0 ? (byte) random.nextInt() : SPICE[random.nextInt(SPICE.length)];
            }
            byte[] next = new byte[bytes.length - removed + added.length];
            System.arraycopy(bytes, 0, next, 0, at);
            System.arraycopy(added, 0, next, at, added.length);
            System.arraycopy(bytes, at + removed, next, at + added.length, bytes.length - at - removed);
            bytes = next;
        }
        return bytes;
    }
}
