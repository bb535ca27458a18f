/** Pages that act: each is a form for one call of the API, shown as a command, with a preview where there is one. */
@ApplicationModule(allowedDependencies = {"access", "browse", "call", "console", "form", "problem"})
@NullMarked
package dev.sluice.act;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
