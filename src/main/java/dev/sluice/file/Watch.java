package dev.sluice.file;

import dev.sluice.sink.LostTargetException;
import dev.sluice.sink.SinkException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one partition (or worker): what has to be there of it, and what failed last. Told by whoever writes
 * the partition, asked by whoever looks at the health; thread-safe, its fields are volatile.
 */
final class Watch {

    private final String name;
    private final String file;
    private final Watches watches;
    private volatile @Nullable Runnable requirement;

    Watch(String name, String file, Watches watches) {
        this.name = name;
        this.file = file;
        this.watches = watches;
    }

    String name() {
        return name;
    }

    /** Returns the name of its one file, empty if it has many. */
    String file() {
        return file;
    }

    /** Opens the partition; if what it had is gone, it stays so until that is there again or the next opening succeeds. */
    <T> T opening(Runnable requirementOfState, Supplier<T> opening) {
        requirement = requirementOfState; // what was known before may be more than was committed, and about to be cut
        try {
            T opened = opening.get();
            watches.opened(this);
            return opened;
        } catch (LostTargetException e) {
            watches.lost(this);
            throw e;
        } catch (SinkException e) {
            requirement = null; // another process may have it, and do with it what it likes
            watches.failed(this, e, true);
            throw e;
        }
    }

    /** Writes something that counts as written only after {@link #writing}. */
    void beginning(Runnable write) {
        attempt(write);
    }

    /** Writes, or makes durable what was written. */
    void writing(Runnable write) {
        attempt(write);
        watches.written(this);
    }

    private void attempt(Runnable write) {
        try {
            write.run();
        } catch (LostTargetException e) {
            watches.lost(this);
            throw e;
        } catch (SinkException e) {
            watches.failed(this, e, false);
            throw e;
        }
    }

    /** From now on, {@code required} does not throw {@link LostTargetException} as long as all is well. */
    void require(Runnable required) {
        requirement = required;
    }

    /** Returns what is not there any more, null if all is. */
    @Nullable
    LostTargetException loss() {
        Runnable required = requirement;
        try {
            if (required != null) {
                required.run();
            }
            return null;
        } catch (LostTargetException e) {
            return e;
        } catch (SinkException e) {
            return null; // it cannot be told now; the next write will
        }
    }
}
