/** The database as it is used: what the service may start on, commits whose outcome is never guessed, migrations, health. */
@ApplicationModule(allowedDependencies = {"sink", "outcome", "snapshot"})
@NullMarked
package dev.sluice.database;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
