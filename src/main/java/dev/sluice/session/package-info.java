/** BrowserSessions of people with browsers: what a cookie holds in the place of a key, and for how long. */
@ApplicationModule(allowedDependencies = {"key"})
@NullMarked
package dev.sluice.session;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
