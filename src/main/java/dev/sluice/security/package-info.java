/** Who may reach the service: until there is authentication, whoever names a host that it answers to. */
@ApplicationModule(allowedDependencies = {"problem"})
@NullMarked
package dev.sluice.security;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
