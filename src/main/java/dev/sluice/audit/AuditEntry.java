package dev.sluice.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An act as the trail keeps it; the members of {@link Act} and {@link Caller} that are null are left out.
 *
 * @param id rises with each act
 * @param from the address of the request
 * @param outcome {@code done}: what fails leaves no row
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AuditEntry(
        long id,
        Instant at,
        @Nullable String actor,
        @Nullable String from,
        String action,
        @Nullable String sink,
        @Nullable String partition,
        @JsonRawValue @Nullable String request,
        @JsonRawValue @Nullable String before,
        @JsonRawValue @Nullable String after,
        String outcome,
        @Nullable String reason,
        @Nullable String traceId) {}
