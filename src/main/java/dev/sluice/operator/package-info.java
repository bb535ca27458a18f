/** The HTTP face for operators. */
@ApplicationModule(allowedDependencies = {"sink", "catalog"})
@NullMarked
package dev.sluice.operator;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
