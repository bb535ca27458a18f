package dev.sluice.table;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which table it was that records went to.
 *
 * @param name with its schema
 * @param oid of the table
 * @param file the number of its file
 * @param database OID of the database
 * @param snapshots OID of the table with the snapshots
 */
record TableIdentity(String name, long oid, long file, long database, long snapshots) {

    private static final Pattern TEXT =
            Pattern.compile("table (.+) \\(oid (\\d+), file (\\d+), database (\\d+), sluice\\.snapshot (\\d+)\\)");

    /** Reads what {@link #toString} has written; empty for anything else. */
    static Optional<TableIdentity> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        return matcher.matches()
                ? Optional.of(new TableIdentity(
                        matcher.group(1),
                        Long.parseLong(matcher.group(2)),
                        Long.parseLong(matcher.group(3)),
                        Long.parseLong(matcher.group(4)),
                        Long.parseLong(matcher.group(5))))
                : Optional.empty();
    }

    /** Whether OIDs of both may be compared: those of a database that was dumped and restored are others. */
    boolean sameDatabase(TableIdentity other) {
        return database == other.database && snapshots == other.snapshots;
    }

    @Override
    public String toString() {
        return "table " + name + " (oid " + oid + ", file " + file + ", database " + database + ", sluice.snapshot "
                + snapshots + ")";
    }
}
