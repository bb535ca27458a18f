package dev.sluice.sink;

/** What a sink promises to a writer that repeats a batch until it is acknowledged, from weakest to strongest. */
public enum Guarantee {
    /** Acknowledged records may be lost: somebody has accepted a target that does not keep them. */
    NONE("none"),
    /** A record may arrive more than once, after a crash or an unknown outcome. */
    AT_LEAST_ONCE("at-least-once"),
    /** Sent again with the same idempotency key after a crash; once where the target honours it. */
    EFFECTIVELY_ONCE("effectively-once"),
    /** Every record is in the target once and only once, whatever crashes. */
    EXACTLY_ONCE("exactly-once");

    private final String text;

    Guarantee(String text) {
        this.text = text;
    }

    /** Returns the name as answers and definitions spell it. */
    public String text() {
        return text;
    }
}
