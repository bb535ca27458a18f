package dev.sluice.campaign.stream;

/** Feeds one partition until it is told to stop. */
public interface Feeder extends Runnable {

    /** Writes until everything sent is acknowledged; false if time runs out. */
    boolean settle(long seconds);
}
