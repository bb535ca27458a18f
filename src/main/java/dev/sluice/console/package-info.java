/** What pages for people have in common: templates, what is around each, and what holds for all of them. */
@ApplicationModule(
        allowedDependencies = {"access", "asset", "call", "port", "problem", "request", "security", "session"})
@NullMarked
package dev.sluice.console;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
