/** Definitions as forms: a field for each setting of a type, beside the JSON that is put. */
@ApplicationModule(allowedDependencies = {"call"})
@NullMarked
package dev.sluice.form;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
