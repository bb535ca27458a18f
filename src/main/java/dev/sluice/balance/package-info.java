/** What proves that nothing is lost or doubled: counts from sources that know nothing of each other, and hashes. */
@ApplicationModule(
        allowedDependencies = {
            "access",
            "sink",
            "batch",
            "body",
            "catalog",
            "commit",
            "delivery",
            "ingest",
            "problem",
            "snapshot"
        })
@NullMarked
package dev.sluice.balance;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
