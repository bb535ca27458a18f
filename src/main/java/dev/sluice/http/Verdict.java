package dev.sluice.http;

/** What a status says of a request. The table with the reasons is in {@code src/docs/operations.md}, "HTTP". */
enum Verdict {
    /** The target has the batch. */
    TAKEN,
    /** It has some records and lacks others; which, its body may tell. */
    PARTS,
    /** It did nothing, and may do it soon. */
    NOT_NOW,
    /** It may have done something or not. */
    UNKNOWN,
    /** It did nothing: a record may be at fault. */
    RECORDS,
    /** It did nothing: there is too much in one request. */
    SIZE,
    /** It did nothing until somebody has put something right there: credentials, rights, a missing resource. */
    CLOSED,
    /** It did nothing, because this is not the request that it takes: the definition has to change. */
    DEFINITION;

    /** Returns what a status says that comes from any HTTP API. */
    static Verdict of(int status) {
        return switch (status) {
            case 206, 207 -> PARTS;
            case 408, 423, 425, 429, 503, 507 -> NOT_NOW;
            case 400, 409, 422 -> RECORDS;
            case 413 -> SIZE;
            case 401, 402, 403, 404, 407, 424, 511 -> CLOSED;
            case 501, 505, 506, 508, 510 -> DEFINITION;
            default -> ofClass(status / 100);
        };
    }

    /* A status that is not registered counts as the x00 of its class, but for 4xx: no record is blamed by a guess. */
    private static Verdict ofClass(int first) {
        return switch (first) {
            case 2 -> TAKEN;
            case 5 -> UNKNOWN;
            default -> DEFINITION;
        };
    }
}
