package dev.sluice.http;

import java.time.Duration;
import java.util.concurrent.Future;

/** Runs something later, in a thread that must not be blocked. */
interface Timer {

    /** Runs the action once after a time, unless what is returned is cancelled before. */
    Future<?> after(Duration time, Runnable action);
}
