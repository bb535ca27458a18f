package dev.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.sluice.sink.LostTargetException;
import dev.sluice.sink.LostTargetException.Loss;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Another URL is another target. */
class HttpSinkIdentityTests {

    private final HttpSink sink = new Sending("url=http://new.example/in/{partition}?key=hush").sink();

    @Test
    void isKnownByItsUrlWithoutSecrets() {
        assertThat(sink.identity()).contains("http://new.example/in/{partition}");
    }

    @Test
    void goesOnWhereTheUrlIsTheSame() {
        assertThatNoException().isThrownBy(() -> sink.recognise(sink.identity()));
        assertThatNoException().isThrownBy(() -> sink.recognise(Optional.empty()));
    }

    @Test
    void tellsWhereAcknowledgedRecordsWent() {
        assertThatExceptionOfType(LostTargetException.class)
                .isThrownBy(() -> sink.recognise(Optional.of("http://old.example/in")))
                .withMessageContaining("went to http://old.example/in,")
                .withMessageContaining("names http://new.example/in/{partition} now")
                .withMessageContaining("target-replaced")
                .withMessageNotContaining("hush")
                .extracting(LostTargetException::loss)
                .isEqualTo(Loss.REPLACED);
    }
}
