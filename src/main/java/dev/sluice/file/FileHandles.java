package dev.sluice.file;

import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The data files that are open now, of all file sinks of this process: the one that was not used for longest is closed
 * where another is to be opened. Thread-safe; its map is guarded by this object.
 */
final class FileHandles {

    private final int most;
    private final Map<Handle, Boolean> open = new LinkedHashMap<>(16, 0.75f, true);

    /** Something open that can be opened again. */
    interface Handle {

        /** Takes it for closing, unless it is in use. */
        boolean tryTake();

        /** Closes what was taken, and gives it free. */
        void closeTaken();
    }

    /** Opens a file, or something else that takes a descriptor for a moment. */
    interface Opening<T> {
        T open() throws IOException;
    }

    FileHandles(int most) {
        this.most = most;
    }

    /** Makes room for one more that stays open, then opens it. Those in use are not closed, even if they are too many. */
    <T> T open(Opening<T> opening) throws IOException {
        while (size() >= most && closeEldest()) {
            // one after the other
        }
        return briefly(opening);
    }

    /** Opens something that is closed soon. Where the process may not open any more, others are closed for it. */
    <T> T briefly(Opening<T> opening) throws IOException {
        while (true) {
            try {
                return opening.open();
            } catch (IOException e) {
                if (!Descriptors.exhausted(e) || !closeEldest()) {
                    throw e;
                }
            }
        }
    }

    /** To be told of each use of something open. */
    synchronized void used(Handle handle) {
        open.put(handle, true);
    }

    synchronized void closed(Handle handle) {
        open.remove(handle);
    }

    synchronized int size() {
        return open.size();
    }

    private boolean closeEldest() {
        Handle taken = takeEldest();
        if (taken == null) {
            return false;
        }
        taken.closeTaken();
        return true;
    }

    private synchronized @Nullable Handle takeEldest() {
        for (Iterator<Handle> eldest = open.keySet().iterator(); eldest.hasNext(); ) {
            Handle handle = eldest.next();
            if (handle.tryTake()) {
                eldest.remove();
                return handle;
            }
        }
        return null;
    }
}
