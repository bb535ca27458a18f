/** Finds and checks JSON values in the bytes of a body, without building anything of them. */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package dev.sluice.json;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
