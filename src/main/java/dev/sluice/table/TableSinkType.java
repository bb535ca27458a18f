package dev.sluice.table;

import dev.sluice.audit.Act;
import dev.sluice.audit.AuditTrail;
import dev.sluice.audit.Caller;
import dev.sluice.sink.Engine;
import dev.sluice.sink.Guarantee;
import dev.sluice.sink.Place;
import dev.sluice.sink.Reach;
import dev.sluice.sink.SinkType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;

/** {@code type: table}. */
@Component
@EnableConfigurationProperties(TableProperties.class)
class TableSinkType implements SinkType<TableSinkProperties> {

    private final TableDatabase database;
    private final TableKin kin;
    private final AuditTrail trail;
    private final TableProperties properties;
    private final CopyBuffers buffers = new CopyBuffers();
    /* A definition that is being replaced has two for a while. */
    private final Map<TableSink, String> sinks = new ConcurrentHashMap<>();

    TableSinkType(
            DataSource dataSource,
            PlatformTransactionManager transactions,
            Engine engine,
            AuditTrail trail,
            TableProperties properties) {
        this.trail = trail;
        this.properties = properties;
        this.database = new TableDatabase(dataSource, transactions, engine);
        this.kin = new TableKin(database.jdbc());
    }

    @Override
    public String name() {
        return "table";
    }

    @Override
    public Class<TableSinkProperties> settingsType() {
        return TableSinkProperties.class;
    }

    @Override
    public Guarantee guarantee(TableSinkProperties settings) {
        return settings.guarantee();
    }

    @Override
    public boolean takesAnyOrder(TableSinkProperties settings) {
        return settings.mode() == WriteMode.APPEND; // otherwise the last record of a key has to come last
    }

    @Override
    public Optional<String> keepsFromDeadLetters(TableSinkProperties settings) {
        return Optional.empty();
    }

    @Override
    public TableSink create(String id, List<String> partitions, TableSinkProperties settings) {
        return create(id, partitions, settings, Reach.ANYWHERE);
    }

    @Override
    public TableSink create(String id, List<String> partitions, TableSinkProperties settings, Reach reach) {
        TableName table = table(id, settings);
        properties.refusal(table, reach).ifPresent(why -> {
            throw new IllegalArgumentException("table: " + why);
        });
        if (settings.otherMembers().added() && !database.engine().unfolds()) {
            throw new IllegalArgumentException(
                    "other-members: columns are added to tables of a database of engine postgresql only; on "
                            + database.engine().name().toLowerCase(Locale.ROOT) + " add them yourself");
        }
        if (settings.position() == Position.COLUMNS && settings.mode() == WriteMode.APPEND) {
            refuseSharedPartitions(id, partitions, table, reach);
        }
        TableSink sink = new TableSink(
                partitions, table, settings, database, buffers, columns -> added(id, table, columns), sinks::remove);
        sinks.put(sink, id);
        return sink;
    }

    private static TableName table(String id, TableSinkProperties settings) {
        return TableName.parse(settings.table() == null ? id : settings.table());
    }

    @Override
    public Optional<Place<TableSinkProperties>> place(String id, TableSinkProperties settings) {
        TableName table = table(id, settings);
        Set<TableName> same = kin.of(table);
        return Optional.of(new Place<>("table", (otherId, other) -> same.contains(table(otherId, other))));
    }

    private void added(String sink, TableName table, Map<String, String> columns) {
        Map<String, Object> after = Map.of("table", table.toString(), "columns", columns);
        trail.add(new Act("columns-added", sink, null, null, null, after, null), Caller.SERVICE);
    }

    /* Rewinding one sink would delete the other's rows. */
    private void refuseSharedPartitions(String id, List<String> partitions, TableName table, Reach reach) {
        sinks.forEach((other, otherId) -> {
            List<String> shared = new ArrayList<>(other.listParts());
            shared.retainAll(partitions);
            if (!otherId.equals(id) && other.takesBack() && other.table().equals(table) && !shared.isEmpty()) {
                throw new IllegalArgumentException("table: " + table + " already takes partition " + shared.get(0)
                        + " of " + (reach == Reach.CONFINED ? "another sink" : "sink '" + otherId + "'")
                        + "; give each sink a table, or partitions of its own");
            }
        });
    }
}
