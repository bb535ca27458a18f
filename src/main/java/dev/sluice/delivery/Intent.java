package dev.sluice.delivery;

/**
 * What is to be handed on: {@code [from, end)}.
 *
 * @param untouched whether no earlier try of it can have reached the target
 */
record Intent(long from, long end, boolean untouched) {}
