package dev.sluice.scenario.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.scenario.Answer;
import dev.sluice.scenario.Client;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.awaitility.core.ThrowingRunnable;
import tools.jackson.databind.JsonNode;

/** What a writer does before, at and after a crash. */
abstract class CrashedStream {

    static final int BATCH = 25;

    private static final Duration MOST = Duration.ofMinutes(1);
    private static final List<Integer> TRY_AGAIN = List.of(429, 502, 503);

    final CrashingService service;
    final Crash crash;
    final String partition;

    CrashedStream(CrashingService service, Crash crash, String partition) {
        this.service = service;
        this.crash = crash;
        this.partition = partition;
    }

    abstract void begin();

    /** Sends the request that does not survive, or that makes the service do what it does not survive. */
    abstract void provoke();

    abstract void goOn();

    final String line() {
        return crash.line(partition);
    }

    final String sink() {
        return crash.subject().sink();
    }

    final Client client() {
        return service.client();
    }

    final String what() {
        return crash + " in " + partition;
    }

    final Answer snapshot() {
        return client().snapshot(sink(), partition);
    }

    /** Repeats a request as long as the service says that it may be repeated. */
    final Answer untilTaken(Supplier<Answer> request) {
        return await(what())
                .atMost(MOST)
                // Most are taken at once, and some streams send each record by itself.
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(100))
                .until(request::get, answer -> {
                    assertThat(answer.status() == 200 || TRY_AGAIN.contains(answer.status()))
                            .as(what() + ": " + answer.body())
                            .isTrue();
                    return answer.status() == 200;
                });
    }

    static boolean survives(ThrowingRunnable request) {
        try {
            request.run();
            return true;
        } catch (UncheckedIOException e) {
            return false;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    final void drain(long end) {
        if (crash.subject().buffers()) {
            await(what())
                    .atMost(MOST)
                    .until(() -> snapshot().text("deliveredOffset").equals(Long.toString(end)));
        }
    }

    final List<String> stored(String target) {
        return service.targets().records(client(), target, partition);
    }

    /** Asserts that receipts follow each other without a hole. */
    final void assertReceiptsCover(String target, long end) {
        long reached = 0;
        for (JsonNode receipt : client().get(Client.partition(target, partition) + "/receipts")
                .body()
                .path("receipts")) {
            assertThat(receipt.path("first").longValue()).as(what()).isEqualTo(reached);
            reached = receipt.path("end").longValue();
            assertThat(receipt.path("records").longValue())
                    .as(what())
                    .isEqualTo(reached - receipt.path("first").longValue());
        }
        assertThat(reached).as(what()).isEqualTo(end);
    }
}
