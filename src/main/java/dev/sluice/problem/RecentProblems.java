package dev.sluice.problem;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * The problems that this process has told lately, {@value #MOST} of them, in less than two megabytes. Where there is no
 * room, the oldest of the type with the most goes: a flood of one type leaves the others where they are. Thread-safe.
 */
@Component
public class RecentProblems {

    static final int MOST = 1_000;

    /**
     * What there is of one type.
     *
     * @param type the name at the end of the problem's type
     * @param count how many of those that are kept
     * @param total how many there were since the process was started; of all sinks
     * @param sample the last one
     */
    public record OfType(String type, long count, long total, Instant firstAt, Instant lastAt, Remembered sample) {}

    /* Guarded by the monitor, as is what it holds. */
    private final Map<String, Kept> byType = new TreeMap<>();
    private int size;

    private final Clock clock;
    private final Instant since;

    private static final class Kept {
        private final Deque<Remembered> problems = new ArrayDeque<>();
        private long total;
    }

    RecentProblems(ObjectProvider<Clock> clock) {
        this.clock = clock.getIfAvailable(Clock::systemUTC);
        this.since = this.clock.instant();
    }

    /** Returns when this process began to remember. */
    public Instant since() {
        return since;
    }

    /** Remembers a problem that was told. */
    public void add(Problem problem) {
        add(problem.members());
    }

    void add(Map<?, ?> members) {
        Remembered problem = Remembered.of(members, clock.instant());
        synchronized (this) {
            if (size == MOST) {
                byType.values().stream()
                        .max(Comparator.comparingInt(kept -> kept.problems.size()))
                        .orElseThrow()
                        .problems
                        .removeFirst();
                size--;
            }
            Kept kept = byType.computeIfAbsent(problem.type(), type -> new Kept());
            kept.problems.addLast(problem);
            kept.total++;
            size++;
        }
    }

    /** Returns the types of the problems that are kept, of these sinks and of one type if it is named. */
    public synchronized List<OfType> types(Predicate<@Nullable String> sinks, @Nullable String type) {
        List<OfType> types = new ArrayList<>();
        byType.forEach((name, kept) -> {
            List<Remembered> meant = meant(kept, sinks);
            if ((type == null || type.equals(name)) && !meant.isEmpty()) {
                Remembered last = meant.get(meant.size() - 1);
                types.add(
                        new OfType(name, meant.size(), kept.total, meant.get(0).at(), last.at(), last));
            }
        });
        return types;
    }

    /** Returns the last {@code limit} problems, of these sinks and of one type if it is named, the last one first. */
    public synchronized List<Remembered> last(Predicate<@Nullable String> sinks, @Nullable String type, int limit) {
        Stream<Remembered> meant = byType.entrySet().stream()
                .filter(entry -> type == null || type.equals(entry.getKey()))
                .flatMap(entry -> meant(entry.getValue(), sinks).stream());
        return meant.sorted(Comparator.comparing(Remembered::at).reversed())
                .limit(limit)
                .toList();
    }

    private static List<Remembered> meant(Kept kept, Predicate<@Nullable String> sinks) {
        return kept.problems.stream()
                .filter(problem -> sinks.test(problem.sink()))
                .toList();
    }
}
