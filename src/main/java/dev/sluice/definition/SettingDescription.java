package dev.sluice.definition;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A setting of a type, or what a list or map of settings holds, which has neither name nor sentence of its own.
 *
 * @param type one of {@code text, boolean, integer, number, duration, size, choice, list, map, object}
 * @param usual the value where none is given, written as in a definition; null if there is none
 * @param required whether there has to be a value
 * @param secret whether it is never shown
 * @param configurationOnly whether only the configuration of the service may set it
 * @param values of a choice
 * @param least the least possible value; of a list, number of items
 * @param most the greatest, likewise
 * @param items of a list, what it holds
 * @param entries of a map, what stands behind its names, which are free
 * @param settings of an object
 * @param orText whether a text may stand in place of the object
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SettingDescription(
        @Nullable String name,
        String type,
        @Nullable String description,
        @JsonProperty("default") @Nullable Object usual,
        @Nullable Boolean required,
        @Nullable Boolean secret,
        @Nullable Boolean configurationOnly,
        @Nullable List<String> values,
        @Nullable String least,
        @Nullable String most,
        @Nullable SettingDescription items,
        @Nullable SettingDescription entries,
        @Nullable List<SettingDescription> settings,
        @Nullable Boolean orText) {}
