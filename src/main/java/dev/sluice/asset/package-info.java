/** What pages load besides themselves: styles and scripts, under names that change with what is in them. */
@ApplicationModule(allowedDependencies = {"access", "problem"})
@NullMarked
package dev.sluice.asset;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
