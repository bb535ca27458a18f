package dev.sluice.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class WorkTests {

    private final Trace trace = Trace.of("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    private final Work work = Work.of(trace, "orders", "7");

    private static Map<String, String> shown() {
        Work current = Work.current();
        if (current != null) {
            current.show();
        }
        Map<String, String> context = MDC.getCopyOfContextMap();
        return context == null ? Map.of() : context;
    }

    @AfterEach
    void leavesNothingBehind() {
        assertThat(Work.current()).isNull();
        assertThat(shown()).isEmpty();
    }

    @Test
    void isShownWhileItIsDone() {
        work.run(() -> assertThat(shown())
                .containsOnly(
                        Map.entry("traceId", trace.id()), Map.entry("sink", "orders"), Map.entry("partition", "7")));
    }

    @Test
    void isNotShownWithinOtherWorkAndIsAgainAfterwards() {
        work.run(() -> {
            shown();
            Work.of(null, "others", null).run(() -> assertThat(shown()).containsOnly(Map.entry("sink", "others")));
            assertThat(shown()).containsEntry("partition", "7").containsEntry("sink", "orders");
        });
    }

    @Test
    void endsWithWhatFails() {
        try {
            work.run(() -> {
                shown();
                throw new IllegalStateException("a mistake");
            });
        } catch (IllegalStateException e) {
            assertThat(e).hasMessage("a mistake");
        }
    }

    @Test
    void showsWhatBecomesKnownLater() {
        Work.of(trace).run(() -> {
            assertThat(shown()).containsOnlyKeys("traceId");
            Work.isAbout("orders", null);
            assertThat(shown()).containsOnlyKeys("traceId", "sink");
        });
    }

    @Test
    void leavesWhatOthersHaveInTheContext() {
        MDC.put("theirs", "1");
        try {
            work.run(() -> assertThat(shown()).containsEntry("theirs", "1").containsEntry("sink", "orders"));
            assertThat(shown()).containsOnlyKeys("theirs");
        } finally {
            MDC.remove("theirs");
        }
    }

    @Test
    void isAnotherOneForAnotherThread() {
        work.run(() -> {
            Work copy = Work.copy();
            assertThat(copy).isNotNull().isNotSameAs(work);
            copy.run(() ->
                    assertThat(shown()).containsEntry("traceId", trace.id()).containsEntry("partition", "7"));
        });
        assertThat(Work.copy()).isNull();
    }

    @Test
    void remembersTheLastThingThatWasTold() {
        Work.of(trace).run(() -> {
            Work.succeeded("committed");
            assertThat(Work.currentOutcome()).isEqualTo("committed");
            assertThat(Work.current().problem()).isNull();
            Work.failed("busy");
            assertThat(Work.currentOutcome()).isEqualTo("busy");
            assertThat(Work.current().problem()).isEqualTo("busy");
        });
    }
}
