package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.postgres.PostgresForTests;
import dev.sluice.postgres.PostgresForTests.Database;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which tables are distributed how, told by functions that stand in for those of the extension. */
class CitusSchemaIT {

    private static final String[] SETTINGS = {
        "sluice.database.engine=citus", "sluice.sinks.events.type=table", "sluice.sinks.events.partitions=0,1"
    };

    private static void standIn(Database database) {
        InProcess.execute(
                database,
                "create table public.pg_dist_partition (logicalrelid regclass primary key, key text, beside text)");
        InProcess.execute(
                database,
                "create function public.create_distributed_table(name regclass, key text, colocate_with text) returns void"
                        + " language sql as 'insert into public.pg_dist_partition values (name, key, colocate_with)'");
        InProcess.execute(
                database,
                "create function public.create_reference_table(name regclass) returns void"
                        + " language sql as 'insert into public.pg_dist_partition (logicalrelid) values (name)'");
    }

    @Test
    void whatBelongsToPartitionsLiesWithThemAndTheRestEverywhere() {
        Database database = PostgresForTests.freshDatabase();
        standIn(database);
        for (int start = 0; start < 2; start++) {
            try (InProcess service = InProcess.on(database, List.of(), SETTINGS)) {
                service.client().snapshot("events", "0").has("nextOffset", 0);
            }
        }
        assertThat(
                        InProcess.query(
                                database,
                                "select relnamespace::regnamespace || '.' || relname, key, beside from public.pg_dist_partition join pg_class on pg_class.oid = logicalrelid where key is not null order by 1"))
                .contains(
                        "public.events partition_id sluice.snapshot",
                        "sluice.buffer partition_id sluice.snapshot",
                        "sluice.claim partition_id sluice.snapshot",
                        "sluice.dead_letter partition_id sluice.snapshot",
                        "sluice.delivery partition_id sluice.snapshot",
                        "sluice.receipt partition_id sluice.snapshot",
                        "sluice.set_aside partition_id sluice.snapshot",
                        "sluice.settled partition_id sluice.snapshot",
                        "sluice.snapshot partition_id none");
        assertThat(
                        InProcess.query(
                                database,
                                "select relnamespace::regnamespace || '.' || relname from public.pg_dist_partition join pg_class on pg_class.oid = logicalrelid where key is null order by 1"))
                .contains("sluice.definition", "sluice.definition_revision", "sluice.replica", "sluice.routing");
        assertThat(InProcess.query(
                        database,
                        "select i.indrelid::regclass from pg_index i join public.pg_dist_partition d on d.logicalrelid ="
                                + " i.indrelid where i.indisunique and d.key is not null and not exists (select from"
                                + " pg_attribute a where a.attrelid = i.indrelid and a.attnum = any (i.indkey::int2[])"
                                + " and a.attname = d.key)"))
                .as("unique keys without the column of distribution, which Citus refuses")
                .isEmpty();
    }

    @Test
    void aDatabaseThatGetsTheExtensionLaterIsDistributedAtTheNextStart() {
        Database database = PostgresForTests.freshDatabase();
        InProcess.on(database, List.of(), SETTINGS).close();
        standIn(database);
        InProcess.on(database, List.of(), SETTINGS).close();
        assertThat(InProcess.query(database, "select count(*) from public.pg_dist_partition where beside = 'none'"))
                .containsExactly("1");
    }
}
