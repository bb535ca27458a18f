/** The rows that decide what is new: snapshots, fencing tokens, receipts. */
@ApplicationModule(allowedDependencies = {"sink", "outcome"})
@NullMarked
package dev.sluice.snapshot;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
