/** The SPI: what a sink is, for the built-in ones and for sinks of one's own. */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package dev.sluice.sink;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
