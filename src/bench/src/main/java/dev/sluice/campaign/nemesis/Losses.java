package dev.sluice.campaign.nemesis;

/** Hears of times in which what is acknowledged may be lost, as the database is told to promise less. */
public interface Losses {

    /** From now on. */
    void begin();

    /** What is acknowledged to a request that begins from now on, stays. */
    void end();
}
