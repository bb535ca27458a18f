package dev.sluice.deadletter;

/**
 * Within which bounds a sink settles records that its target refuses as dead letters; beyond them it stops.
 *
 * @param maxOpen how many of its dead letters may be open at once
 * @param maxPerBatch how many records of one batch may become dead letters
 * @param maxShare how many of a hundred of a partition's latest records may be dead letters
 */
public record DeadLetterPolicy(int maxOpen, int maxPerBatch, int maxShare) {

    /** What is in force where a definition says nothing else. */
    public static final DeadLetterPolicy DEFAULT = new DeadLetterPolicy(10_000, 100, 10);

    /** What is in force for records that an operator has set aside. */
    public static final DeadLetterPolicy SET_ASIDE = new DeadLetterPolicy(Integer.MAX_VALUE, Integer.MAX_VALUE, 100);

    /** The latest records that {@link #maxShare} is about: so many, or those of a larger batch. */
    private static final long LATEST = 1_000;

    /** So many may be dead letters in any case: few records have no share worth the name. */
    private static final long ALWAYS = 5;

    /** Returns how many latest records are looked at when a batch of {@code records} is settled. */
    long latest(long records) {
        return Math.max(LATEST, records);
    }

    /** Returns how many of {@code latest} records may be dead letters. */
    long allowedOf(long latest) {
        return Math.max(ALWAYS, latest * maxShare / 100);
    }
}
