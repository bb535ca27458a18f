package dev.sluice.resolution;

/** A task has been ended, or another replica has taken it over: what it was about to do must not happen. */
final class TaskEndedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    TaskEndedException() {
        super(null, null, false, false);
    }
}
