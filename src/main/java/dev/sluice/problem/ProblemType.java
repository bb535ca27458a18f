package dev.sluice.problem;

import java.util.Locale;

/** The kinds of failure: HTTP status, whether the same request may pass later, and what it is in a few words. */
public enum ProblemType {
    /** The body or its offsets. */
    MALFORMED_BATCH(400, false, "The batch is malformed"),
    /** Anything else of the request. */
    MALFORMED_REQUEST(400, false, "The request is malformed"),
    /** No credentials, or none that are known. */
    UNAUTHENTICATED(401, false, "The service has to know who asks"),
    /** Not granted. */
    FORBIDDEN(403, false, "This has not been granted"),
    /** Key. */
    UNKNOWN_KEY(404, false, "There is no such key"),
    /** The Host or Origin header. */
    UNKNOWN_HOST(421, false, "This host name is not served"),
    /** Path. */
    NOT_FOUND(404, false, "There is nothing at this path"),
    /** Sink. */
    UNKNOWN_SINK(404, false, "There is no such sink"),
    /** Partition. */
    UNKNOWN_PARTITION(404, false, "The sink has no such partition"),
    /** A position where there is none. */
    STATELESS(404, false, "The sink keeps no positions"),
    /** Method. */
    METHOD_NOT_ALLOWED(405, false, "The method is not allowed here"),
    /** The body came too slowly. */
    REQUEST_TIMEOUT(408, true, "The body came too slowly"),
    /** Media type, charset or content coding. */
    UNSUPPORTED_MEDIA_TYPE(415, false, "The media type is not supported"),
    /** A limit. */
    TOO_LARGE(413, false, "A limit is exceeded"),
    /** No offset. */
    OFFSET_REQUIRED(428, false, "The batch needs an offset"),
    /** No fencing token. */
    FENCING_TOKEN_REQUIRED(428, false, "The partition was opened: a fencing token is needed"),
    /** An old fencing token. */
    FENCED(412, false, "Another writer has opened the partition"),
    /** A fencing token from nowhere. */
    UNKNOWN_FENCING_TOKEN(412, false, "The fencing token was never issued"),
    /** A replay that differs. */
    OFFSET_CONFLICT(422, false, "Something else was committed at this offset"),
    /** A predecessor is missing. */
    OFFSET_GAP(409, true, "The batch begins after the next offset"),
    /** Bad records. */
    RECORD_REJECTED(422, false, "The target refuses records"),
    /** Resume above the next offset. */
    SINK_BEHIND(409, false, "The partition stands before the position to resume at"),
    /** Resume below the next offset. */
    NOT_REWINDABLE(409, false, "The sink cannot take back what it has written"),
    /** A definition that makes no sense. */
    INVALID_DEFINITION(422, false, "The definition makes no sense"),
    /** A definition that would leave data behind. */
    DEFINITION_CONFLICT(409, false, "The sink has data that does not go with this definition"),
    /** A definition of the configuration. */
    READ_ONLY(409, false, "The sink is defined in the configuration"),
    /** Dead letter. */
    UNKNOWN_DEAD_LETTER(404, false, "There is no such dead letter"),
    /** A dead letter of another state or revision, or another number of them. */
    DEAD_LETTER_CHANGED(409, false, "The dead letters are not what the request counts on"),
    /** A late record that would undo later ones. */
    OVERWRITES_LATER(409, false, "A replay would undo what later records have written"),
    /** Task. */
    UNKNOWN_TASK(404, false, "There is no such task"),
    /** A target that cannot be read back. */
    NOT_VERIFIABLE(409, false, "The target cannot be compared with the receipts"),
    /** A partition that cannot stand elsewhere. */
    NOT_RESETTABLE(409, false, "The partition cannot be set to this offset"),
    /** Somebody was faster. */
    VERSION_CONFLICT(409, false, "It has changed since it was looked at"),
    /** A loss that did not happen. */
    NOTHING_LOST(409, false, "The target has not lost what was to be accepted"),
    /** A sink that something depends on. */
    IN_USE(409, false, "The sink is in use"),
    /** One sink's or partition's bounds. */
    BUSY(429, true, "The sink or its partition is busy"),
    /** A quota of whoever sends. */
    QUOTA_EXCEEDED(429, true, "A quota of the sender is used up"),
    /** The service's bounds. */
    OVERLOADED(503, true, "The service is overloaded"),
    /** The issuer of tokens. */
    ISSUER_UNAVAILABLE(503, true, "The issuer of tokens cannot be asked"),
    /** Database. */
    STORAGE_UNAVAILABLE(503, true, "The database is unavailable"),
    /** An operator's wish. */
    PAUSED(503, true, "An operator has paused this"),
    /** Target. */
    TARGET_UNAVAILABLE(503, true, "The target is unavailable"),
    /** Some of a sink's sinks. */
    PARTIAL_FAILURE(502, true, "Some of the sinks that this one is made of lack the batch"),
    /** COMMIT without an answer. */
    OUTCOME_UNKNOWN(503, true, "The outcome is unknown: repeat the same request"),
    /** Target and snapshot contradict each other. */
    TARGET_BROKEN(500, false, "The target is not what the snapshot says"),
    /** A mistake of ours. */
    INTERNAL_ERROR(500, true, "The service has made a mistake");

    private final int status;
    private final boolean retryable;
    private final String title;

    ProblemType(int status, boolean retryable, String title) {
        this.status = status;
        this.retryable = retryable;
        this.title = title;
    }

    /** Returns the HTTP status. */
    public int status() {
        return status;
    }

    /** Whether the same request may pass later, unchanged. */
    public boolean retryable() {
        return retryable;
    }

    /** Returns what it is in a few words. */
    public String title() {
        return title;
    }

    /** Returns the name as it stands at the end of the problem's type. */
    public String slug() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns the closest type for a status that something else than Sluice has chosen. */
    public static ProblemType ofStatus(int status) {
        return switch (status) {
            case 401 -> UNAUTHENTICATED;
            case 403 -> FORBIDDEN;
            case 404 -> NOT_FOUND;
            case 405 -> METHOD_NOT_ALLOWED;
            case 501, 505 -> MALFORMED_REQUEST;
            case 408 -> REQUEST_TIMEOUT;
            case 413 -> TOO_LARGE;
            case 415 -> UNSUPPORTED_MEDIA_TYPE;
            case 503 -> OVERLOADED;
            default -> status < 500 ? MALFORMED_REQUEST : INTERNAL_ERROR;
        };
    }
}
