/** Sinks whose target is somebody's HTTP API, or another Sluice. */
@ApplicationModule(allowedDependencies = {"sink"})
@NullMarked
package dev.sluice.http;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
