/** What is known of a request while it is worked on: its trace, the sink and partition, and what became of it. */
@ApplicationModule(allowedDependencies = {"access", "meter"})
@NullMarked
package dev.sluice.request;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
