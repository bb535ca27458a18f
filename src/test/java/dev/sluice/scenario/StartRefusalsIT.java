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
                "type=memory;partitions=0;greeting=rude | sluice.sinks.s.greeting | must not be rude",
                "type=table;workers=2                 | sluice.sinks.s.workers   | have partitions",
                "type=table;partitions=0;workers=2    | sluice.sinks.s.workers   | either partitions or workers",
                "type=memory;partitions=0;order=any   | sluice.sinks.s.order     | in the order of their offsets only",
                "type=table;partitions=0;table=information_schema.x | sluice.sinks.s.table | is not for records",
                "type=file;partitions=0;directory=./data/postgres/base | sluice.sinks.s.directory"
                        + " | is for the service itself (sluice.postgres.directory)",
                "type=relay;to=s                      | sluice.sinks.s.to        | deliver to itself: s → s",
                "type=relay;to=events                 | sluice.sinks.s.to        | there is no sink 'events'",
                "type=relay;to=s;partitions=0         | sluice.sinks.s.partitions | those of its targets",
            })
    void refusesAWrongDefinition(String definition, String property, String reason) {
        String[] settings = definition.trim().split(";(?=[a-z-]+=)");
        for (int i = 0; i < settings.length; i++) {
            settings[i] = "sluice.sinks.s." + settings[i];
        }
        assertThat(message(settings)).contains(property.trim()).contains(reason == null ? "" : reason.trim());
    }

    /* Nothing that can be reached over a network is open without somebody having asked for that by name. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "server.address=0.0.0.0 | 0.0.0.0 (server.address)",
                "server.address=:: | (server.address)",
                "server.address= | all addresses (server.address)",
                "management.server.port=0 | all addresses (management.server.address)",
            })
    void refusesToBeOpenToTheNetwork(String setting, String where) {
        assertThat(message(setting)).contains(where, "wants no key");
    }

    @ParameterizedTest
    @CsvSource({
        "sluice.security.open-to-the-network=true",
        "sluice.jwt.issuer=http://127.0.0.1:1;sluice.jwt.audience=sluice",
        "sluice.keys.administrator-file=target/start-refusals/administrator.key"
    })
    void mayBeReachedOverTheNetworkIfSomebodyHasAskedForThatOrKeysAreWanted(String settings) {
        String[] all = (settings + ";server.address=0.0.0.0").split(";");
        try (InProcess service = InProcess.on(database, List.of(), all)) {
            assertThat(service.client().get("/sinks").status())
                    .isEqualTo(settings.startsWith("sluice.security") ? 200 : 401);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "sluice.limit.body-size=1MB, did you mean limits",
        "sluice.limits.body-sise=1MB, sluice.limits.body-sise",
        "sluice.limits.depth=0, sluice.limits.depth must be from 1 to 5000",
        "sluice.lanes.concurrent-commits=12, must be below spring.datasource.hikari.maximum-pool-size (12)",
        "sluice.lanes.max-waiting=0, sluice.lanes.max-waiting must be 1 or more",
        "sluice.lanes.joint-groups=0, sluice.lanes.joint-groups must be",
        "sluice.lanes.max-parked=320, must be below half of sluice.admission.max-requests (640)",
        "sluice.admission.max-requests=1, sluice.admission.max-requests must be 2 or more",
        "sluice.admission.slow-after=0s, sluice.admission.slow-after must be a duration",
        "sluice.admision.max-slow=1, did you mean admission",
        "sluice.database.engine=oracle, is none of postgresql",
        "sluice.database.motor=citus, sluice.database.motor",
        "sluice.receipts.retention=-1s, sluice.receipts.retention must be a duration",
        "sluice.spool.memory-per-batch=1GB, must not be larger than sluice.spool.memory",
        "sluice.http.allow=http://10.0.0.1, sluice.http.allow must list host names",
        "sluice.files.rots=/x, sluice.files.rots",
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

    @Test
    void refusesAClaimThatATargetDoesNotKeep() {
        assertThat(message(
                        "sluice.sinks.a.type=relay",
                        "sluice.sinks.a.to=b",
                        "sluice.sinks.a.guarantee=effectively-once",
                        "sluice.sinks.b.type=memory",
                        "sluice.sinks.b.partitions=1,2"))
                .contains("sluice.sinks.a.guarantee: claims effectively-once, but")
                .contains("is at-least-once");
    }

    @Test
    void refusesSinksThatDeliverToEachOther() {
        assertThat(message(
                        "sluice.sinks.a.type=relay",
                        "sluice.sinks.a.to=b",
                        "sluice.sinks.b.type=relay",
                        "sluice.sinks.b.to=a"))
                .containsPattern("to: would deliver to itself: (a → b → a|b → a → b)");
    }

    @Test
    void tellsEverythingThatIsWrongAtOnce() {
        assertThat(message(
                        "sluice.sinks.a.type=tabel",
                        "sluice.sinks.b.type=table",
                        "sluice.sinks.b.partitions=0,..",
                        "sluice.sinks.b.tabel=x",
                        "sluice.sinks.b.create-table=perhaps"))
                .contains(
                        "sluice.sinks.a.type: there is no sink type 'tabel'",
                        "sluice.sinks.b.partitions[1]: '..' is not",
                        "sluice.sinks.b.tabel: is not a setting of a sink of type 'table' (did you mean table?)",
                        "sluice.sinks.b.create-table: 'perhaps' is not a possible value, expected is true or false");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0,1,2   | [0, 1], which would become [0, 1, 2]",
                "1,0     | [0, 1], which would become [1, 0]",
                "0,x     | [0, 1], which would become [0, x]"
            })
    void refusesOtherPartitionsOnceThereIsData(String partitions, String reason) {
        Database ours = PostgresForTests.freshDatabase();
        start(ours, "sluice.sinks.s.partitions=0", "sluice.sinks.s.type=vault").close();
        try (InProcess service = start(
                ours,
                "sluice.sinks.s.type=vault",
                "sluice.sinks.s.partitions=0,1",
                "sluice.sinks.r.type=relay",
                "sluice.sinks.r.to=s")) {
            service.client().batch("s", "1", 0, "1").isWritten("committed");
            service.client().batch("r", "1", 0, "1").isWritten("committed");
        }
        assertThat(message(
                        ours,
                        "sluice.sinks.s.type=vault",
                        "sluice.sinks.s.partitions=" + partitions,
                        "sluice.sinks.r.type=relay",
                        "sluice.sinks.r.to=s"))
                .contains("sluice.sinks.s.partitions: the sink has data in its partitions " + reason)
                .contains("sluice.sinks.r: the sink has data in its partitions " + reason)
                .contains("Put them back");
        start(ours, "sluice.sinks.s.type=vault", "sluice.sinks.s.partitions=0,1")
                .close();
    }

    @Test
    void refusesAnotherRoutingOfKeysOnceThereIsData() {
        Database ours = PostgresForTests.freshDatabase();
        String[] settings = {"sluice.sinks.s.type=vault", "sluice.sinks.s.partitions=0,1"};
        try (InProcess service = start(ours, settings)) {
            service.client().batch("s", "1", 0, "1").isWritten("committed");
        }
        VaultSinkType.shift = 1;
        try {
            assertThat(message(ours, settings)).contains("sluice.sinks.s.type: the sink has data", "part_fn");
        } finally {
            VaultSinkType.shift = 0;
        }
        assertThat(message(ours, "sluice.sinks.s.type=vault", "sluice.sinks.s.workers=2"))
                .contains("sluice.sinks.s.workers: the sink has data");
        start(ours, settings).close();
    }

    private static InProcess start(Database on, String... settings) {
        return InProcess.on(on, List.of(MemorySinkType.class, RelaySinkType.class, VaultSinkType.class), settings);
    }

    private static String message(String... settings) {
        return message(database, settings);
    }

    private static String message(Database on, String... settings) {
        Throwable thrown = catchThrowable(() -> start(on, settings).close());
        assertThat(thrown).as("the start").isNotNull();
        StringBuilder messages = new StringBuilder();
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            messages.append(cause.getMessage()).append('\n');
        }
        return messages.toString();
    }
}
