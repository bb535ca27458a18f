package dev.sluice.snapshot;

/** Whoever wants to know which fencing tokens this process has given out. Thread-safe. */
public interface TokenWitness {

    /** Called once the transaction that gave a token out is certainly committed. */
    void given(PartitionKey key, long token);
}
