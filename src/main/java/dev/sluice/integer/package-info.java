/** 64-bit integers in answers, for clients whose numbers are doubles. */
@ApplicationModule(allowedDependencies = {"problem"})
@NullMarked
package dev.sluice.integer;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
