package dev.sluice.operator;

import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;

/** Tells in the answer of an act where the trail of audit has it. */
public final class Audited {

    public static final String HEADER = "Sluice-Audit-Id";

    private Audited() {}

    /** Adds the header; none where nothing was changed. */
    public static ResponseEntity.BodyBuilder with(ResponseEntity.BodyBuilder answer, @Nullable Long auditId) {
        return auditId == null ? answer : answer.header(HEADER, Long.toString(auditId));
    }
}
