package dev.sluice.file;

import dev.sluice.sink.Disposition;
import dev.sluice.sink.SinkException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a sink has open, by name: an object that was dropped without being closed must not keep the next one out.
 * Thread-safe; one name is opened by one thread at a time.
 */
final class OpenFiles {

    private final Map<String, Runnable> closers = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** Closes what is open under that name, then opens it anew. */
    <T> T replace(String name, Supplier<T> opening, Consumer<T> closer) {
        close(closers.remove(name));
        T opened = opening.get();
        closers.put(name, () -> closer.accept(opened));
        if (closed) {
            close(closers.remove(name));
            throw new SinkException(
                    Disposition.UNAVAILABLE, "this sink was closed while a partition of it was opened", null);
        }
        return opened;
    }

    /** Closes everything; nothing is opened afterwards. */
    void close() {
        closed = true;
        closers.keySet().forEach(name -> close(closers.remove(name)));
    }

    private static void close(@Nullable Runnable closer) {
        if (closer != null) {
            closer.run();
        }
    }
}
