package dev.sluice.database;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What tells a database from another one with the same content, as far as the service's role may see it.
 *
 * @param systemIdentifier of the cluster; null if it cannot be read
 * @param timeline rises with each promotion and each point-in-time recovery; null if it cannot be read
 * @param database OID of the database
 * @param snapshots OID of the table with the snapshots
 */
record ServerIdentity(
        @Nullable Long systemIdentifier, @Nullable Long timeline, long database, long snapshots) {

    /** Returns in words what is not as it was; empty if it is the same database. */
    String differenceFrom(ServerIdentity before) {
        List<String> differences = new ArrayList<>();
        add(differences, "system identifier", before.systemIdentifier, systemIdentifier);
        add(differences, "timeline", before.timeline, timeline);
        add(differences, "OID of the database", before.database, database);
        add(differences, "OID of sluice.snapshot", before.snapshots, snapshots);
        return String.join(", ", differences);
    }

    /* What could be read only once says nothing. */
    private static void add(List<String> differences, String what, @Nullable Long before, @Nullable Long now) {
        if (before != null && now != null && !Objects.equals(before, now)) {
            differences.add(what + " " + before + " is " + now + " now");
        }
    }
}
