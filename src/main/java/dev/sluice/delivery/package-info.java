/** Sinks made of sinks: what a batch is handed on to, and how. */
@ApplicationModule(allowedDependencies = {"sink", "control", "meter", "outcome", "request", "snapshot"})
@NullMarked
package dev.sluice.delivery;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
