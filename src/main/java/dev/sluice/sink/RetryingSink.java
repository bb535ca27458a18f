package dev.sluice.sink;

/** A sink that waits between the tries to reach its target. */
public interface RetryingSink {

    /** Ends the wait, so that the next try is made at once; does nothing where nothing waits. Safe for all threads. */
    void tryNow();
}
