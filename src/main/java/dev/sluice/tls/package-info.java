/** Certificates of the service itself: taken anew when their files are exchanged, and only if they fit. */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package dev.sluice.tls;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
