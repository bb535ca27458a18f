package dev.sluice.snapshot;

/** Names one partition of one sink. */
public record PartitionKey(String sink, String partition) {

    @Override
    public String toString() {
        return sink + "/" + partition;
    }
}
