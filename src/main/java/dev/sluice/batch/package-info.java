/** What a writer sent: a numbered batch of hashed records, held in bounded memory and beyond it on disk. */
@ApplicationModule(allowedDependencies = {"sink"})
@NullMarked
package dev.sluice.batch;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
