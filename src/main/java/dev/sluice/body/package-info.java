/** What a body can be: its forms, its limits, its encodings; read to the end before anything else. */
@ApplicationModule(allowedDependencies = {"batch", "catalog", "json", "problem", "sink", "snapshot"})
@NullMarked
package dev.sluice.body;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
