package dev.sluice.commit;

import java.util.List;

/**
 * What became of batches that are committed together.
 *
 * @param outcomes one for each if all are committed; else the one that kept them from it
 * @param failedAt index of the batch whose outcome that is; −1 if all are committed
 */
public record SpanningOutcome(List<WriteOutcome> outcomes, int failedAt) {}
