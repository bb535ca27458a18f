package dev.sluice.table;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Which statement gives the service's role what it lacks to write to a table. Thread-safe; asks with one connection at a
 * time.
 */
final class MissingRights {

    private static final Logger log = LoggerFactory.getLogger(MissingRights.class);

    private static final String ANY =
            "Grant the service's role usage on the schema, and insert, select and delete on the" + " table";

    /* By name and not by to_regclass, which fails without the right to use the schema. */
    private static final String RIGHTS = """
            select current_user as role, n.oid is not null as schema, c.oid is not null as there,
                   has_schema_privilege(n.oid, 'usage') as usage, has_schema_privilege(n.oid, 'create') as create,
                   has_table_privilege(c.oid, 'delete') as delete, w.insert, w.select
              from (values (?::text, ?::text)) v (schema, name)
              left join pg_namespace n on n.nspname = v.schema
              left join pg_class c on c.relnamespace = n.oid and c.relname = v.name
             cross join lateral (select bool_and(has_column_privilege(c.oid, a.attnum, 'insert')) as insert,
                                        bool_and(has_column_privilege(c.oid, a.attnum, 'select')) as select
                                   from pg_attribute a
                                  where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                                    and a.attname in ('partition_id', 'source_offset', 'data')) w""";

    private final JdbcClient jdbc;
    private final TransactionTemplate apart;
    private final Semaphore oneAtATime = new Semaphore(1);

    MissingRights(JdbcClient jdbc, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.apart = new TransactionTemplate(transactions);
        // The transaction that was refused has failed, and answers no question any more.
        apart.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        apart.setReadOnly(true);
    }

    /** Returns what to do so that the table may be written to, or be created where it is missing. */
    String advice(TableName table) {
        if (!oneAtATime.tryAcquire()) {
            return ANY; // another batch is told which
        }
        try {
            String advice = apart.execute(status -> jdbc.sql(RIGHTS)
                    .params(table.schema(), table.table())
                    .query((row, number) -> advice(table, row))
                    .single());
            return advice == null ? ANY : advice;
        } catch (DataAccessException | TransactionException e) {
            log.debug("The rights to {} cannot be asked for", table, e);
            return ANY;
        } finally {
            oneAtATime.release();
        }
    }

    private static String advice(TableName table, ResultSet row) throws SQLException {
        String role = TableName.quote(row.getString("role"));
        String schema = TableName.quote(table.schema());
        if (!row.getBoolean("schema")) {
            return "Run: create schema " + schema + " authorization " + role;
        }
        List<String> grants = new ArrayList<>();
        if (!row.getBoolean("usage")) {
            grants.add("usage on schema " + schema);
        }
        if (row.getBoolean("there")) {
            addRights(grants, table, row);
        } else if (!row.getBoolean("create")) {
            grants.add("create on schema " + schema);
        }
        return grants.isEmpty()
                ? "The role " + role
                        + " has all rights to the table itself: look at its policies for row-level security,"
                        + " and at what its defaults and triggers use"
                : "Run: grant " + String.join(" to " + role + "; grant ", grants) + " to " + role;
    }

    private static void addRights(List<String> grants, TableName table, ResultSet row) throws SQLException {
        List<String> rights = new ArrayList<>();
        for (String right : List.of("insert", "select", "delete")) {
            if (!row.getBoolean(right)) {
                rights.add(right);
            }
        }
        if (!rights.isEmpty()) {
            grants.add(String.join(", ", rights) + " on " + table.quoted());
        }
    }
}
