package dev.sluice.campaign.cluster;

import dev.sluice.bench.postgres.Database;
import dev.sluice.bench.process.Directories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;

/**
 * A PostgreSQL that is stopped and killed and comes back, with a synchronous standby that takes its place. Its monitor
 * guards which of the two is the primary.
 */
public final class Postgres implements AutoCloseable {

    private static final String SYNCHRONOUS = "alter system set synchronous_standby_names = 'standby'";
    private static final String ALONE = "alter system set synchronous_standby_names = ''";
    private static final String RELOAD = "select pg_reload_conf()";
    private static final String PRESENT =
            "select count(*) from pg_stat_replication where application_name = 'standby' and sync_state = 'sync'";
    private static final int ATTEMPTS = 600;
    private static final long BAD_START_SECONDS = 10;

    private final Path home;
    private PostgresNode primary;
    private PostgresNode standby;
    private int copies;

    private Postgres(Path home, PostgresNode primary) {
        this.home = home;
        this.primary = primary;
    }

    /** Makes an empty one, as durable as PostgreSQL is by default, and starts it. */
    public static Postgres create(Path home, boolean withStandby)
            throws IOException, InterruptedException, SQLException {
        Postgres postgres = new Postgres(home, PostgresNode.create(Files.createDirectories(home.resolve("postgres"))));
        try {
            postgres.start();
            // The services have to raise it, whatever stands between them and the server.
            postgres.primary.database().execute("alter system set synchronous_commit = 'off'", RELOAD);
            if (withStandby) {
                postgres.attachStandby();
            }
            return postgres;
        } catch (IOException | InterruptedException | SQLException e) {
            postgres.close();
            throw e;
        }
    }

    public synchronized Database database() {
        return primary.database();
    }

    /** Returns where the primary listens at the moment. */
    public synchronized int port() {
        return primary.port();
    }

    /** Starts what does not run, and waits until it answers. */
    public synchronized void start() throws IOException, InterruptedException {
        primary.start(null);
        if (standby != null) {
            standby.resume();
            standby.start(primary);
        }
    }

    /** kill −9. */
    public synchronized void kill() throws InterruptedException {
        primary.kill();
    }

    /** {@code immediate}: every process aborts, the next start recovers from the log. {@code fast}: rolled back, closed. */
    public synchronized void stop(boolean immediately) throws IOException, InterruptedException {
        primary.stop(immediately);
    }

    /** Starts it again with a bad disk: this share of its calls fails until its next start. It may die of that. */
    public synchronized void startWithBadDisk(Preloads preloads, Preloads.BadDisk how, double share)
            throws IOException, InterruptedException {
        primary.stop(true);
        primary.start(null, preloads.badDisk(how, share), BAD_START_SECONDS);
    }

    /** Starts it again, with a disk that works. */
    public synchronized void startWithGoodDisk() throws IOException, InterruptedException {
        primary.stop(true);
        start();
    }

    /** From now on nobody waits for the standby, and it gets nothing: what is committed now, only the primary has. */
    public synchronized void leaveStandbyBehind() throws IOException, InterruptedException, SQLException {
        if (standby == null) {
            throw new IOException("there is no standby to leave behind: making the last one failed");
        }
        primary.database().execute(ALONE, RELOAD);
        standby.pause();
    }

    /** Keeps a copy of the primary as it is now; nobody waits for it, and it gets nothing. */
    public synchronized void keepBackup() throws IOException, InterruptedException, SQLException {
        if (standby == null) {
            throw new IOException("there is nothing to make a backup of: making the last one failed");
        }
        primary.database().execute(ALONE, RELOAD);
        standby.stop(true);
    }

    /** The primary is lost for good; its backup is recovered to where it ends, and takes over. */
    public void restoreBackup() throws IOException, InterruptedException, SQLException {
        synchronized (this) {
            primary.kill();
            if (standby != null) {
                standby.start(primary);
            }
        }
        failOver();
    }

    /** The primary is lost for good with all that only it had; the standby takes over, and gets one of its own. */
    public void loseLatest() throws IOException, InterruptedException, SQLException {
        synchronized (this) {
            primary.kill();
            if (standby != null) {
                standby.resume();
            }
        }
        failOver();
    }

    /** The primary is lost for good; the synchronous standby takes over, and gets a standby of its own. */
    public void failOver() throws IOException, InterruptedException, SQLException {
        synchronized (this) {
            if (standby == null) {
                throw new IOException("there is no standby to take over: making the last one failed");
            }
            primary.kill();
            promote(standby);
            primary = standby;
            standby = null;
        }
        attachStandby();
    }

    /** Until it is one: what still comes from the log cancels whoever is in its way. */
    private static void promote(PostgresNode standby) throws InterruptedException, SQLException {
        for (int i = 0; ; i++) {
            try {
                if (standby.database().text("select pg_is_in_recovery()").equals("t")) {
                    standby.database().execute("select pg_promote(true, 60)");
                }
                standby.database().execute(ALONE, RELOAD);
                return;
            } catch (SQLException e) {
                if (i == ATTEMPTS) {
                    throw e;
                }
                Thread.sleep(100);
            }
        }
    }

    private void attachStandby() throws IOException, InterruptedException, SQLException {
        Path copy = home.resolve("postgres-" + ++copies);
        if (copies > 2) {
            // The one before the last: nothing runs in it any more.
            Directories.delete(home.resolve("postgres-" + (copies - 2)));
        }
        PostgresNode follower = PostgresNode.standbyOf(primary, copy);
        follower.start(primary);
        synchronized (this) {
            standby = follower;
        }
        primary.database().execute(SYNCHRONOUS, RELOAD);
        for (int i = 0; primary.database().number(PRESENT) == 0; i++) {
            if (i == ATTEMPTS) {
                throw new IOException("the standby does not follow, see " + copy);
            }
            Thread.sleep(100);
        }
    }

    public synchronized boolean hasStandby() {
        return standby != null;
    }

    @Override
    public synchronized void close() throws IOException {
        try {
            if (standby != null) {
                standby.stop(false);
            }
            primary.stop(false);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
