package dev.sluice.setting;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A setting as it holds.
 *
 * @param value as it was given, or by default; null for none, {@code ***} for a secret
 * @param usual the value where none is given; null if there is none
 * @param origin {@code file}, {@code environment}, {@code command-line}, {@code system-property}, {@code other} or
 *     {@code default}
 * @param where the file with its line and column, or the name of the variable; null where there is nothing to name
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record EffectiveSetting(
        String name,
        @Nullable String value,
        @JsonProperty("default") @Nullable String usual,
        String origin,
        @Nullable String where) {}
