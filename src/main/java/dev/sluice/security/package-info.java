/** Who may reach the service, and what each route lets them do. */
@ApplicationModule(
        allowedDependencies = {
            "access",
            "catalog",
            "certificate",
            "key",
            "problem",
            "quota",
            "request",
            "session",
            "sink",
            "token"
        })
@NullMarked
package dev.sluice.security;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
