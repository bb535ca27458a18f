/** Sinks whose target is a table of the service's own PostgreSQL database. */
@ApplicationModule(allowedDependencies = {"audit", "column", "sink"})
@NullMarked
package dev.sluice.table;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
