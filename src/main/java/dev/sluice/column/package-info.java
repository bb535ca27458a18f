/** Columns of one's own tables: which member of a record feeds which, and what its value is as PostgreSQL's text. */
@ApplicationModule(allowedDependencies = {"json", "sink"})
@NullMarked
package dev.sluice.column;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
