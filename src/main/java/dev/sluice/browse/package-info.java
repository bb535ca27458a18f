/** Pages that show sinks, their partitions, and the records that their targets refuse. */
@ApplicationModule(allowedDependencies = {"access", "call", "console"})
@NullMarked
package dev.sluice.browse;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
