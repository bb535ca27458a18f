/** Sinks whose target is a table of the service's own PostgreSQL database. */
@ApplicationModule(allowedDependencies = {"column", "sink"})
@NullMarked
package dev.sluice.table;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
