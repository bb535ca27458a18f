package dev.sluice.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.json.JsonScanner.Form;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ByteWindowTests {

    private static final int MAX = 200_000;

    @Test
    void growsWithTheLargestValueAndNotWithTheBody() throws IOException {
        byte[] body = ("\"" + "a".repeat(30_000) + "\"\n").repeat(200).getBytes(StandardCharsets.UTF_8);
        ByteWindow window = new ByteWindow(Pieces.ofSize(body, 5_000));
        JsonScanner scanner = new JsonScanner(window, JsonLimits.ofRecordBytes(MAX), Form.LINES);
        int count = 0;
        while (scanner.peek() != MalformedJson.END) {
            scanner.scanValue();
            assertThat(scanner.length()).isEqualTo(30_002);
            count++;
        }
        assertThat(count).isEqualTo(200);
        assertThat(scanner.line()).isEqualTo(201);
        assertThat(scanner.offset()).isEqualTo(body.length);
        assertThat(window.buffer.length).isLessThanOrEqualTo(64 * 1024);
    }

    @Test
    void takesAValueOfExactlyTheLimitWhereverItStarts() throws IOException {
        byte[] body = ("1 " + "\"" + "a".repeat(MAX - 2) + "\"").repeat(3).getBytes(StandardCharsets.UTF_8);
        JsonScanner scanner =
                new JsonScanner(new ByteWindow(Pieces.whole(body)), JsonLimits.ofRecordBytes(MAX), Form.DOCUMENT);
        for (int i = 0; i < 3; i++) {
            scanner.scanValue();
            assertThat(scanner.length()).isEqualTo(1);
            scanner.scanValue();
            assertThat(scanner.length()).isEqualTo(MAX);
        }
    }

    @Test
    void failsOnAHugeValueWithoutGrowingBeyondTheLimit() throws IOException {
        ByteWindow window = new ByteWindow(Pieces.whole(" [1," + " ".repeat(20 * MAX)));
        JsonScanner scanner = new JsonScanner(window, JsonLimits.ofRecordBytes(MAX), Form.DOCUMENT);
        assertThatThrownBy(scanner::scanValue).isInstanceOfSatisfying(MalformedJson.class, e -> {
            assertThat(e.kind()).isEqualTo(MalformedJson.Kind.RECORD_SIZE);
            assertThat(e.offset()).isEqualTo(1);
        });
        assertThat(window.buffer.length).isLessThanOrEqualTo(MAX + ByteWindow.SLACK_BYTES);
    }

    @Test
    void passesTheFailureOfTheBodyOn() {
        IOException reset = new IOException("Connection reset");
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw reset;
            }

            @Override
            public int read(byte[] target, int from, int length) throws IOException {
                throw reset;
            }
        };
        assertThatThrownBy(() -> new JsonScanner(new ByteWindow(broken), Scanned.LIMITS, Form.LINES).peek())
                .isSameAs(reset);
    }

    @Test
    void refusesLimitsThatCannotWork() {
        assertThatThrownBy(() -> JsonLimits.ofRecordBytes(0))
                .hasMessage("maxRecordBytes must be from 1 to 536870912, not 0");
    }
}
