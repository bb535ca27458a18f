package dev.sluice.database;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a database may lack to keep what is acknowledged; operators accept it by its label. */
enum Flaw {
    FSYNC_OFF(
            "fsync on",
            "an acknowledged record would not survive a power loss of the database's host, and the whole database might not",
            "Set fsync = on in the server's configuration or on its command line, and reload it"),
    SYNCHRONOUS_COMMIT_OFF(
            "synchronous_commit on, which the service sets unless that is replaced",
            "an acknowledged record would not survive a crash of PostgreSQL or of its host",
            "Take your own spring.datasource.hikari.connection-init-sql out, or end it with SET synchronous_commit = 'on'"),
    FULL_PAGE_WRITES_OFF(
            "full_page_writes on",
            "an acknowledged record would survive a power loss only where the storage never tears a page of 8 KiB",
            "Set full_page_writes = on in the server's configuration, and reload it"),
    IN_RECOVERY(
            "a primary",
            "there would be no acknowledgement at all, since a standby takes no writes",
            "Let spring.datasource.url name the primary (with several hosts: targetServerType=primary), or promote this"
                    + " server"),
    READ_ONLY(
            "transactions that may write",
            "there would be no acknowledgement at all, since the database would refuse each write",
            "Find where default_transaction_read_only or read-only is set (the role, the database, postgresql.conf,"
                    + " spring.datasource.url, spring.datasource.hikari) and take it out"),
    ISOLATION(
            "read committed",
            "an acknowledgement would rest on rows as they were before another replica's last commit",
            "Take out spring.datasource.hikari.transaction-isolation and whatever sets the isolation in"
                    + " connection-init-sql"),
    SCHEMA_NEWER(
            "a schema that no newer version has changed",
            "an acknowledged record might not survive what only the newer version knows about the tables",
            "Start the version that has migrated it, or restore the database from before that");

    private final String expected;
    private final String loss;
    private final String remedy;

    Flaw(String expected, String loss, String remedy) {
        this.expected = expected;
        this.loss = loss;
        this.remedy = remedy;
    }

    /** Returns what it is called in settings, answers and logs. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String expected() {
        return expected;
    }

    String loss() {
        return loss;
    }

    String remedy() {
        return remedy;
    }

    /** Whether it stops a start; the others are only told. */
    boolean refused() {
        return this != FULL_PAGE_WRITES_OFF;
    }

    static Optional<Flaw> labelled(String label) {
        return Arrays.stream(values())
                .filter(flaw -> flaw.label().equals(label))
                .findFirst();
    }

    static String labels() {
        return Arrays.stream(values()).map(Flaw::label).collect(Collectors.joining(", "));
    }
}
