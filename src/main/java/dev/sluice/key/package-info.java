/** API keys: how they are made, kept, known by every replica, rotated and revoked. */
@ApplicationModule(allowedDependencies = {"access", "audit", "catalog", "control", "outcome", "problem"})
@NullMarked
package dev.sluice.key;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
