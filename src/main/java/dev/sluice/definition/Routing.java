package dev.sluice.definition;

import java.util.List;

/**
 * Where a sink's keys go.
 *
 * @param partitions in their order
 * @param fingerprint the indices that a set of probe keys is sent to
 */
public record Routing(List<String> partitions, String fingerprint) {}
