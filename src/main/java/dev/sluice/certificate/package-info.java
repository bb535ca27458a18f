/** Client certificates: whom they name, and what they may do. */
@ApplicationModule(allowedDependencies = {"access", "key", "problem"})
@NullMarked
package dev.sluice.certificate;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
