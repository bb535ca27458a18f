package dev.sluice.table;

import dev.sluice.sink.Engine;
import java.sql.Connection;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The database that all tables are in. Thread-safe. */
final class TableDatabase {

    private final DataSource dataSource;
    private final JdbcClient jdbc;
    private final Engine engine;
    private final TableCreation creation;
    private final LockHolders locks;
    private final MissingRights rights;
    private final TransactionTemplate transactions;

    TableDatabase(DataSource dataSource, PlatformTransactionManager transactions, Engine engine) {
        this.jdbc = JdbcClient.create(dataSource);
        this.dataSource = dataSource;
        this.engine = engine;
        this.creation = new TableCreation(jdbc, engine);
        this.locks = new LockHolders(jdbc, transactions);
        this.rights = new MissingRights(jdbc, transactions);
        this.transactions = new TransactionTemplate(transactions);
    }

    JdbcClient jdbc() {
        return jdbc;
    }

    Engine engine() {
        return engine;
    }

    LockHolders locks() {
        return locks;
    }

    MissingRights rights() {
        return rights;
    }

    /** Creates a table that is missing. */
    void create(TableName table, RowLayout layout) {
        transactions.executeWithoutResult(transaction -> creation.create(table, layout));
    }

    /** Does something in a transaction that is rolled back, where the table is made if {@code layout} is given. */
    <T> T rolledBack(TableName table, Optional<RowLayout> layout, Function<Connection, T> work) {
        return Objects.requireNonNull(transactions.execute(status -> {
            status.setRollbackOnly();
            layout.ifPresent(missing -> creation.create(table, missing));
            return work.apply(DataSourceUtils.getConnection(dataSource));
        }));
    }

    /** Does something with a connection that is in a transaction. */
    <T> T apart(Function<Connection, T> work) {
        return Objects.requireNonNull(
                transactions.execute(status -> work.apply(DataSourceUtils.getConnection(dataSource))));
    }
}
