/** Meters by sink: bounded in number, looked up once. */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package dev.sluice.meter;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
