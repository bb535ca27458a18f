package dev.sluice.campaign.nemesis;

import dev.sluice.bench.postgres.Database;
import dev.sluice.campaign.cluster.Postgres;
import dev.sluice.campaign.cluster.Preloads;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.Lock;

/** What becomes of the database, its disk, its standby and its sessions. */
final class PostgresFaults {

    private static final String GROUP = "postgres";
    private static final String ROWS = "select 1 from sluice.snapshot where random() < 0.4 for update";
    // Every connection of every service ends up waiting for these.
    private static final String TABLES = "lock table rows, \"buffered-rows\", sluice.snapshot in access exclusive mode";

    private static final String WITHOUT_STATE = """
            select 6 - count(*) from sluice.snapshot
             where sink in ('one-file', 'lines', 'both-lines') and state is not null""";

    private final Postgres postgres;
    private final Preloads preloads;
    private final Losses losses;
    private final Lock tables;
    private final Pauses pauses;

    PostgresFaults(Postgres postgres, Preloads preloads, Losses losses, Lock tables, Pauses pauses) {
        this.tables = tables;
        this.postgres = postgres;
        this.preloads = preloads;
        this.losses = losses;
        this.pauses = pauses;
    }

    List<Fault> all() {
        List<Fault> faults = new ArrayList<>();
        faults.add(new Fault("kill-postgres", GROUP, random -> {
            postgres.kill();
            pauses.upTo(random, 1_500);
            postgres.start();
        }));
        faults.add(new Fault("stop-postgres-immediately", GROUP, random -> restart(true, random)));
        faults.add(new Fault("restart-postgres", GROUP, random -> restart(false, random)));
        if (postgres.hasStandby()) {
            faults.add(new Fault("fail-over", GROUP, random -> postgres.failOver()));
            faults.add(new Fault(Faults.LOSE_PRIMARY, GROUP, this::losePrimary));
            faults.add(new Fault(Faults.RESTORE_BACKUP, GROUP, this::restoreBackup));
        }
        if (preloads.canFail()) {
            faults.add(new Fault(
                    Faults.DATABASE_DISK_FULL, GROUP, random -> badDisk(Preloads.BadDisk.FULL, 0.01, random)));
            faults.add(new Fault(
                    Faults.DATABASE_DISK_BROKEN, GROUP, random -> badDisk(Preloads.BadDisk.BROKEN, 0.004, random)));
        }
        faults.add(new Fault("kill-backends", "backends", this::killBackends));
        faults.add(new Fault("hold-locks", "backends", random -> hold(random, ROWS)));
        faults.add(new Fault("exhaust-pool", "backends", random -> hold(random, TABLES)));
        return faults;
    }

    private void restart(boolean immediately, Random random) throws Exception {
        postgres.stop(immediately);
        pauses.upTo(random, 2_500);
        postgres.start();
    }

    private void losePrimary(Random random) throws Exception {
        if (!tables.tryLock()) {
            return;
        }
        try {
            losePrimaryAlone(random);
        } finally {
            tables.unlock();
        }
    }

    private void losePrimaryAlone(Random random) throws Exception {
        losses.begin();
        postgres.leaveStandbyBehind();
        pauses.upTo(random, 3_000);
        postgres.loseLatest();
        // Not where any of it failed: then nobody knows what the next failover finds.
        losses.end();
    }

    private void restoreBackup(Random random) throws Exception {
        // A file that is older than its snapshot is somebody else's: rightly so, and nobody moves it away here.
        if (postgres.database().number(WITHOUT_STATE) > 0 || !tables.tryLock()) {
            return;
        }
        try {
            restoreBackupAlone(random);
        } finally {
            tables.unlock();
        }
    }

    private void restoreBackupAlone(Random random) throws Exception {
        losses.begin();
        postgres.keepBackup();
        pauses.upTo(random, 8_000);
        postgres.restoreBackup();
        // Not where any of it failed: then nobody knows what the next one finds.
        losses.end();
    }

    private void badDisk(Preloads.BadDisk how, double most, Random random) throws Exception {
        try {
            postgres.startWithBadDisk(preloads, how, random.nextDouble() * most);
            pauses.upTo(random, 8_000);
        } finally {
            postgres.startWithGoodDisk();
        }
    }

    private void killBackends(Random random) throws Exception {
        for (int i = random.nextInt(20); i >= 0; i--) {
            postgres.database()
                    .execute("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'sluice'"
                            + " and random() < 0.3");
            pauses.atLeast(50, random, 300);
        }
    }

    private void hold(Random random, String lock) throws Exception {
        Database database = postgres.database();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(lock);
            pauses.upTo(random, 7_000);
            connection.rollback();
        }
    }
}
