/** Tokens of other issuers (JWT): whom they name, and what their claims grant. */
@ApplicationModule(allowedDependencies = {"access", "key", "problem"})
@NullMarked
package dev.sluice.token;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
