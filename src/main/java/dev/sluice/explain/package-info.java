/** Pages about problems: what was refused lately, and what each type means. */
@ApplicationModule(allowedDependencies = {"access", "call", "console", "problem"})
@NullMarked
package dev.sluice.explain;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
