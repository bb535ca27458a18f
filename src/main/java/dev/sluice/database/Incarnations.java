package dev.sluice.database;

import dev.sluice.sink.Engine;
import dev.sluice.snapshot.PartitionKey;
import dev.sluice.snapshot.TokenWitness;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that the database is another one than before: restored from a backup, promoted, recovered to a point in time.
 * What it knows may be older than what writers were told, fencing tokens above all. Then a new incarnation begins, and
 * every token that was ever given out is void. Thread-safe.
 */
public final class Incarnations implements TokenWitness {

    private static final Logger log = LoggerFactory.getLogger(Incarnations.class);

    /** Tokens of one incarnation: as many opens of a partition in a second, on average, would use them up. */
    static final long TOKENS_A_SECOND = 1L << 20;

    private static final String THERE =
            "select to_regclass('sluice.incarnation') is not null and not pg_is_in_recovery()";

    private static final String OIDS = """
            (select oid from pg_database where datname = current_database()) as database,
            to_regclass('sluice.snapshot')::oid as snapshots, pg_postmaster_start_time()::text as started""";

    private static final String IDENTITY = """
            select (select system_identifier from pg_control_system()) as system_identifier,
                   ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::bigint as timeline,
                   pg_current_wal_flush_lsn() - '0/0' as flushed,
            """ + OIDS;

    private static final String IDENTITY_WITHOUT_SERVER =
            "select null::bigint as system_identifier, null::bigint as timeline, null::numeric as flushed, " + OIDS;

    private static final String STARTED = "select pg_postmaster_start_time()::text";

    private static final String FIND = """
            select number, since, reason, system_identifier, timeline, database_oid, snapshot_oid
              from sluice.incarnation""";

    private static final String FIRST = """
            insert into sluice.incarnation (system_identifier, timeline, database_oid, snapshot_oid, reason)
            values (?, ?, ?, ?, 'the first one') on conflict do nothing""";

    private static final String RAISE = """
            update sluice.incarnation
               set number = number + 1, since = clock_timestamp(), reason = ?, system_identifier = ?, timeline = ?,
                   database_oid = ?, snapshot_oid = ?,
                   first_token = greatest(first_token + ?, extract(epoch from clock_timestamp())::bigint * ?)""";

    /* Nobody has the new token: whoever had one before has to open the partition again. */
    private static final String VOID_TOKENS = """
            update sluice.snapshot
               set fencing_token = (select first_token from sluice.incarnation), version = version + 1,
                   owner = '(incarnation ' || (select number from sluice.incarnation) || ' of the database)',
                   opened_by = null, opened_at = now(), updated_at = case when updated_at = opened_at then now() else updated_at end
             where fencing_token > 0""";

    private record Server(ServerIdentity identity, @Nullable Long flushed, String started) {}

    private record Stored(Incarnation incarnation, ServerIdentity identity) {}

    private final boolean asksServer;

    /* What was refused once is not asked for again. */
    private volatile boolean refused;

    /* When the server that was looked at last was started; empty if the last new connection could not be looked at. */
    private volatile String verified = "";
    private final AtomicLong furthest = new AtomicLong();
    private volatile @Nullable Incarnation current;
    private volatile @Nullable GivenToken given;

    Incarnations(Engine engine) {
        this.asksServer = engine == Engine.POSTGRESQL;
    }

    /** Returns the present one, empty before the first look at a database with the service's tables. */
    public Optional<Incarnation> current() {
        return Optional.ofNullable(current);
    }

    /** Looks at the database behind a new connection, before anything is done with it. */
    void verify(Connection connection) throws SQLException {
        if (!isThere(connection)) {
            verified = ""; // a standby, which may be promoted under its connections
            return;
        }
        connection.setAutoCommit(false);
        try {
            compare(connection);
            connection.commit();
        } finally {
            if (!connection.isClosed()) {
                connection.setAutoCommit(true);
            }
        }
    }

    /** Whether the last new connection could not be looked at. */
    boolean unverified() {
        return verified.isEmpty();
    }

    /** Looks, at the beginning of a transaction, whether the server that serves it was looked at. */
    void verifyInTransaction(Connection connection) throws SQLException {
        if (!single(connection, STARTED).equals(verified) && isThere(connection)) {
            compare(connection);
        }
    }

    private static boolean isThere(Connection connection) throws SQLException {
        return single(connection, THERE).equals("t");
    }

    private void compare(Connection connection) throws SQLException {
        Server server = server(connection);
        Optional<Stored> stored = stored(connection, false);
        if (stored.isEmpty()) {
            first(connection, server.identity());
            stored = stored(connection, false);
        }
        String difference = difference(connection, server, stored.orElseThrow());
        if (!difference.isEmpty()) {
            // Another replica may have begun it in the meantime.
            Stored locked = stored(connection, true).orElseThrow();
            difference = difference(connection, server, locked);
            if (!difference.isEmpty()) {
                begin(connection, server.identity(), "the database is another one than before: " + difference);
            }
            stored = stored(connection, false);
        }
        current = stored.orElseThrow().incarnation();
        if (server.flushed() != null) {
            furthest.accumulateAndGet(server.flushed(), Math::max);
        }
        verified = server.started();
    }

    private String difference(Connection connection, Server server, Stored stored) throws SQLException {
        String difference = server.identity().differenceFrom(stored.identity());
        if (!difference.isEmpty()) {
            return difference;
        }
        Long flushed = server.flushed();
        long number = stored.incarnation().number();
        Incarnation known = current;
        if (known != null && known.number() == number && flushed != null && flushed < furthest.get()) {
            return "its log ended at byte " + furthest.get() + " before, and ends at " + flushed + " now";
        }
        GivenToken last = given;
        return last != null && last.incarnation() == number ? last.missing(connection) : "";
    }

    @Override
    public void given(PartitionKey key, long token) {
        Incarnation known = current;
        if (known != null) {
            given = new GivenToken(key, token, known.number());
        }
    }

    /**
     * Begins a new incarnation because somebody says so; the connection's transaction is not committed here.
     *
     * @param reason for the log, the health and the refusals
     */
    public Incarnation begin(Connection connection, String reason) throws SQLException {
        stored(connection, true);
        begin(connection, server(connection).identity(), reason);
        Incarnation begun = stored(connection, false).orElseThrow().incarnation();
        current = begun;
        return begun;
    }

    private void begin(Connection connection, ServerIdentity identity, String reason) throws SQLException {
        try (PreparedStatement raise = connection.prepareStatement(RAISE);
                Statement tokens = connection.createStatement()) {
            raise.setString(1, reason);
            set(raise, 2, identity);
            raise.setLong(6, TOKENS_A_SECOND);
            raise.setLong(7, TOKENS_A_SECOND);
            raise.executeUpdate();
            int partitions = tokens.executeUpdate(VOID_TOKENS);
            log.warn(
                    "A new incarnation of the database begins: {}. All fencing tokens given out before are void; the"
                            + " writers of {} partitions are answered 412 until they open them again",
                    reason,
                    partitions);
        }
        furthest.set(0);
    }

    private static void first(Connection connection, ServerIdentity identity) throws SQLException {
        try (PreparedStatement first = connection.prepareStatement(FIRST)) {
            set(first, 1, identity);
            first.executeUpdate();
        }
    }

    private static void set(PreparedStatement statement, int from, ServerIdentity identity) throws SQLException {
        statement.setObject(from, identity.systemIdentifier(), java.sql.Types.BIGINT);
        statement.setObject(from + 1, identity.timeline(), java.sql.Types.BIGINT);
        statement.setLong(from + 2, identity.database());
        statement.setLong(from + 3, identity.snapshots());
    }

    private Server server(Connection connection) throws SQLException {
        if (asksServer && !refused) {
            java.sql.Savepoint before = connection.setSavepoint();
            try {
                Server server = server(connection, IDENTITY);
                connection.releaseSavepoint(before);
                return server;
            } catch (SQLException e) {
                connection.rollback(before);
                refused = true;
                log.warn(
                        "System identifier and timeline of the database cannot be read ({}): a restored backup or a"
                                + " promotion is noticed by OIDs only. POST /incarnation tells the service of one",
                        e.getMessage());
            }
        }
        return server(connection, IDENTITY_WITHOUT_SERVER);
    }

    private static Server server(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return new Server(
                    new ServerIdentity(
                            number(row, "system_identifier"),
                            number(row, "timeline"),
                            row.getLong("database"),
                            row.getLong("snapshots")),
                    number(row, "flushed"),
                    row.getString("started"));
        }
    }

    private static Optional<Stored> stored(Connection connection, boolean locked) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(locked ? FIND + " for update" : FIND)) {
            return row.next()
                    ? Optional.of(new Stored(
                            new Incarnation(
                                    row.getLong("number"),
                                    row.getTimestamp("since").toInstant(),
                                    row.getString("reason")),
                            new ServerIdentity(
                                    number(row, "system_identifier"),
                                    number(row, "timeline"),
                                    row.getLong("database_oid"),
                                    row.getLong("snapshot_oid"))))
                    : Optional.empty();
        }
    }

    private static @Nullable Long number(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? null : value;
    }

    private static String single(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return Objects.requireNonNullElse(row.getString(1), "");
        }
    }
}
