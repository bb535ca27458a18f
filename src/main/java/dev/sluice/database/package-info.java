/** The database behind everything: an embedded PostgreSQL where none is configured, and commits whose outcome is never guessed. */
@NullMarked
@ApplicationModule(allowedDependencies = {"sink"})
package dev.sluice.database;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
