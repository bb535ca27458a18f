package dev.sluice.catalog;

import java.util.Set;

/** Published after sinks were replaced, added or removed: whatever was made of the former ones is to be dropped. */
public record SinksChanged(Set<String> ids) {}
