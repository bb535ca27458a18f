package dev.sluice.sink;

import java.util.function.BiPredicate;

/**
 * Where a sink writes to, if other sinks of its type could write to the same.
 *
 * @param <P> the settings of a definition
 * @param setting that names it, like {@code table}
 * @param alsoOf whether the sink of an id and settings writes to the same, or to a part of it
 */
public record Place<P>(String setting, BiPredicate<String, P> alsoOf) {}
