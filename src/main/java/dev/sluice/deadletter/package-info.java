/** Records that a target refuses and that are settled all the same: where they are kept, and how many there may be. */
@ApplicationModule(allowedDependencies = {"sink", "snapshot"})
@NullMarked
package dev.sluice.deadletter;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
