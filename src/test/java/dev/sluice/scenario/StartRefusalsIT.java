package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.sluice.postgres.PostgresForTests;
import dev.sluice.postgres.PostgresForTests.Database;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wrong configurations stop the start with a sentence that names the property. */
class StartRefusalsIT {

    private static Database database;

    @BeforeAll
    static void createDatabase() {
        database = PostgresForTests.freshDatabase();
        InProcess.execute(database, "create table wrong (partition_id text, source_offset integer, data jsonb)");
        InProcess.execute(database, "create table keyless (partition_id text, source_offset bigint, data jsonb)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "typ=table;partitions=0               | sluice.sinks.s.type      | is missing",
                "type=tabel;partitions=0              | sluice.sinks.s.type      | did you mean table",
                "type=table                           | sluice.sinks.s.partitions | 1 to 100000",
                "type=table;partitions=a,b,a          | sluice.sinks.s.partitions | 'a' stands there twice",
                "type=table;partitions=a/b            | sluice.sinks.s.partitions | 'a/b' is not a partition's name",
                "type=table;partitions=..             | sluice.sinks.s.partitions | is not a partition's name",
                "type=table;partitions=0;tabel=x      | sluice.sinks.s.tabel     | did you mean table",
                "type=table;partitions=0;data-type=xml | sluice.sinks.s.data-type | 'xml' is none of jsonb, json, text",
                "type=table;partitions=0;create-table=maybe | sluice.sinks.s.create-table | 'maybe'",
                "type=table;partitions=0;table=a-very-long-name-that-postgresql-would-cut-without-a-word-of-warning"
                        + " | sluice.sinks.s | keeps only the first 63",
                "type=table;partitions=0;table=x'y    | sluice.sinks.s           | is not a name",
                "type=table;partitions=0;table=sluice.snapshot | sluice.sinks.s  | is not for records",
                "type=table;partitions=0;table=none;create-table=false | sluice.sinks.s | does not exist",
                "type=table;partitions=0;table=wrong  | sluice.sinks.s           | source_offset of type bigint",
                "type=table;partitions=0;table=keyless | sluice.sinks.s          | alter table",
                "type=table;partitions=0;guarantee=twice | sluice.sinks.s.guarantee | is none of",
                "type=memory;partitions=0;guarantee=exactly-once | sluice.sinks.s.guarantee | is at-least-once",
                "type=memory;partitions=0;greeting=rude | sluice.sinks.s         | must not be rude",
            })
    void refusesAWrongDefinition(String definition, String property, String reason) {
        String[] settings = definition.trim().split(";(?=[a-z-]+=)");
        for (int i = 0; i < settings.length; i++) {
            settings[i] = "sluice.sinks.s." + settings[i];
        }
        assertThat(message(settings)).contains(property.trim()).contains(reason == null ? "" : reason.trim());
    }

    @ParameterizedTest
    @CsvSource({
        "sluice.limit.body-size=1MB, did you mean limits",
        "sluice.limits.body-sise=1MB, sluice.limits.body-sise",
        "sluice.limits.depth=0, sluice.limits.depth must be from 1 to 5000",
        "sluice.lanes.concurrent-commits=10, must be below spring.datasource.hikari.maximum-pool-size (10)",
        "sluice.lanes.max-waiting=0, sluice.lanes.max-waiting must be 1 or more",
        "sluice.receipts.retention=0s, sluice.receipts.retention must be a duration",
        "sluice.spool.memory-per-batch=1GB, must not be larger than sluice.spool.memory",
        "sluice.spool.directory=/nowhere/at/all, is not a directory that can be written to"
    })
    void refusesAWrongSetting(String setting, String reason) {
        assertThat(message(setting)).contains(reason);
    }

    @Test
    void refusesTwoSinksThatWouldShareRows() {
        assertThat(message(
                        "sluice.sinks.a.type=table",
                        "sluice.sinks.a.partitions=0,1",
                        "sluice.sinks.a.table=t",
                        "sluice.sinks.b.type=table",
                        "sluice.sinks.b.partitions=1,2",
                        "sluice.sinks.b.table=public.t"))
                .contains("already takes partition 1");
    }

    private static String message(String... settings) {
        Throwable thrown = catchThrowable(() ->
                InProcess.on(database, List.of(MemorySinkType.class), settings).close());
        assertThat(thrown).as("the start").isNotNull();
        StringBuilder messages = new StringBuilder();
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            messages.append(cause.getMessage()).append('\n');
        }
        return messages.toString();
    }
}
