package dev.sluice.ingest;

/** How records were sent, which decides what their writer can do about a refusal. */
enum Sent {
    /** A batch to a partition: it may be cut otherwise and have holes. */
    TO_PARTITION,
    /** With keys: each record has its place in the stream, and a partition's part cannot be sent alone. */
    WITH_KEYS,
    /** To a worker: without offsets. */
    TO_WORKER
}
