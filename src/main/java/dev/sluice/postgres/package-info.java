/** The embedded PostgreSQL that starts where no database is configured, and what is told where one is configured badly. */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package dev.sluice.postgres;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
