package dev.sluice.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class SinkExceptionTests {

    @Test
    void namesTheFirstOfTheRejectedRecords() {
        SinkException e = SinkException.rejected(List.of(
                new RejectedRecord(7, "delay", "22003", "out of range", null),
                new RejectedRecord(9, null, "22P02", "no number", "write digits")));
        assertThat(e).hasMessage("record at offset 7 was refused: out of range");
        assertThat(e.disposition()).isEqualTo(Disposition.REJECTED);
        assertThat(e.rejected()).hasSize(2);
    }

    @Test
    void knowsNoRejectionOfNothing() {
        assertThatThrownBy(() -> SinkException.rejected(List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThat(SinkException.rejected("some of them", null).rejected()).isEmpty();
    }

    @Test
    void showsTheSizeOfARecordButNotWhatIsInIt() {
        SinkRecord record = new SinkRecord(3, "\"secret\"".getBytes(StandardCharsets.UTF_8));
        assertThat(record).hasToString("SinkRecord[offset=3, 8 bytes]");
        assertThat(record.toByteArray()).isNotSameAs(record.toByteArray()).hasSize(8);
    }
}
