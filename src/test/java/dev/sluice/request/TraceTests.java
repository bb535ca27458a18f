package dev.sluice.request;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceTests {

    private static final String ID = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String GIVEN = "00-" + ID + "-00f067aa0ba902b7-01";

    @Test
    void isTheOneThatTheHeaderNames() {
        Trace trace = Trace.of(GIVEN);
        assertThat(trace.id()).isEqualTo(ID);
        assertThat(trace.traceparent()).isEqualTo(GIVEN);
    }

    @Test
    void readsLaterVersionsAsThisOne() {
        Trace trace = Trace.of("cc-" + ID + "-00f067aa0ba902b7-01-what-the-future-holds");
        assertThat(trace.traceparent()).isEqualTo(GIVEN);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.more",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0\n"
            })
    void isOneOfItsOwnOtherwise(String header) {
        Trace trace = Trace.of(header);
        assertThat(trace.traceparent())
                .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00")
                .isEqualTo(trace.traceparent())
                .contains(trace.id())
                .isNotEqualTo(Trace.of(header).traceparent());
    }
}
