/** What operators have paused: kept in the database, known by every replica, asked before anything comes in or goes out. */
@ApplicationModule(allowedDependencies = {"audit", "outcome", "snapshot"})
@NullMarked
package dev.sluice.control;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
