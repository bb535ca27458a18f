/** The settings of the service as they hold: their values, without secrets, and where each comes from. */
@ApplicationModule(allowedDependencies = {"access", "body", "definition", "problem"})
@NullMarked
package dev.sluice.setting;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
