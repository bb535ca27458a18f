/** Watching records of a partition arrive: server-sent events, sampled and bounded. */
@ApplicationModule(
        allowedDependencies = {"sink", "body", "catalog", "commit", "ingest", "partition", "problem", "snapshot"})
@NullMarked
package dev.sluice.tail;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
