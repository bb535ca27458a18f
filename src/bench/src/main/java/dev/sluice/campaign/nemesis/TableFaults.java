package dev.sluice.campaign.nemesis;

import dev.sluice.campaign.cluster.Postgres;
import dev.sluice.campaign.stream.Damage;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.Lock;

/** What becomes of a table while its sink is written to: altered, and put back; dropped, as its sink sees it, and put back. */
final class TableFaults {

    private static final String GROUP = "table";
    private static final String TABLE = "rows";
    private static final int ATTEMPTS = 120;

    /** How it is altered, and how it is put back. */
    private record Alteration(String there, String back) {}

    /* In binary form, what belongs into the former column goes into the latter without a word, as something else. */
    private static final List<Alteration> ALTERATIONS = List.of(
            new Alteration(
                    "alter table rows alter source_offset type double precision",
                    "alter table rows alter source_offset type bigint"),
            new Alteration(
                    "alter table rows alter data type bytea using convert_to(data::text, 'UTF8')",
                    "alter table rows alter data type json using convert_from(data, 'UTF8')::json"));

    private static final String WAIT = "select pg_current_xact_id()";

    private static final String HURT = """
            select to_regclass('public.rows_away') is not null
                or exists (select from pg_attribute
                            where attrelid = to_regclass('public.rows') and not attisdropped
                              and (attname = 'source_offset' and atttypid <> 'bigint'::regtype
                                   or attname = 'data' and atttypid <> 'json'::regtype))""";

    private final Postgres postgres;
    private final Damage damage;
    /** Held by whoever wants the tables to be as they are: a backup of a damaged one would bring it back. */
    private final Lock tables;

    private final Pauses pauses;

    TableFaults(Postgres postgres, Damage damage, Lock tables, Pauses pauses) {
        this.tables = tables;
        this.postgres = postgres;
        this.damage = damage;
        this.pauses = pauses;
    }

    List<Fault> all() {
        List<Fault> faults = new ArrayList<>();
        faults.add(new Fault("alter-target", GROUP, this::alter));
        faults.add(new Fault("drop-target", GROUP, this::drop));
        return faults;
    }

    private void alter(Random random) throws Exception {
        Alteration alteration = ALTERATIONS.get(random.nextInt(ALTERATIONS.size()));
        hurt(alteration.there(), alteration.back(), random);
    }

    /* A name without a table, or with an empty one. */
    private void drop(Random random) throws Exception {
        boolean swapped = random.nextBoolean();
        hurt(
                "alter table rows rename to rows_away;"
                        + (swapped ? "create table rows (like rows_away including all)" : "select 1"),
                "drop table if exists rows; alter table rows_away rename to rows",
                random);
    }

    private void hurt(String there, String back, Random random) throws Exception {
        if (!tables.tryLock()) {
            return;
        }
        try {
            hurtAlone(there, back, random);
        } finally {
            tables.unlock();
        }
    }

    private void hurtAlone(String there, String back, Random random) throws Exception {
        damage.expect(TABLE);
        execute(there);
        if (isHurt()) {
            damage.begin(TABLE);
            pauses.upTo(random, 6_000);
        }
        damage.end(TABLE);
        // Also where the first was not done, or not told to be: nobody else puts it back. What can be seen may still be
        // lost with the primary, until a later commit was told.
        for (int i = 0; isHurt() || !execute(WAIT) || isHurt(); i++) {
            if (i == ATTEMPTS) {
                throw new IllegalStateException("the table cannot be put back by " + back);
            }
            execute(back);
        }
        damage.end(TABLE);
    }

    /** Waits until the database says whether the table is as its sink wants it. */
    private boolean isHurt() throws InterruptedException {
        for (int i = 0; ; i++) {
            try {
                return postgres.database().text(HURT).equals("t");
            } catch (SQLException e) {
                if (i == ATTEMPTS) {
                    throw new IllegalStateException("the database does not come back", e);
                }
                Thread.sleep(500);
            }
        }
    }

    /* It may be away itself, or the table locked. Returns whether it was told to be committed. */
    private boolean execute(String sql) throws InterruptedException {
        try {
            postgres.database()
                    .execute("begin; set local synchronous_commit = 'on'; set local lock_timeout = '5s';"
                            + " set local search_path = public; " + sql + "; commit");
            return true;
        } catch (SQLException e) {
            Thread.sleep(500);
            return false;
        }
    }
}
