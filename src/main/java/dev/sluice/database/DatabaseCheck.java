package dev.sluice.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfoService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.util.StringUtils;

/** Stops the start on a database that would not keep what is acknowledged, before anything is written to it. */
final class DatabaseCheck implements FlywayMigrationStrategy, SmartInitializingSingleton {

    private static final Logger log = LoggerFactory.getLogger(DatabaseCheck.class);

    private final DataSource pool;
    private final Sessions sessions;
    private final Incarnations incarnations;
    private final DatabaseProperties properties;

    // Written by the thread that starts the service, once.
    private volatile boolean done;
    private volatile List<Finding> schema = List.of();

    DatabaseCheck(DataSource pool, Sessions sessions, Incarnations incarnations, DatabaseProperties properties) {
        this.pool = pool;
        this.sessions = sessions;
        this.incarnations = incarnations;
        this.properties = properties;
    }

    @Override
    public void migrate(Flyway flyway) {
        FirstConnection.await(flyway.getConfiguration());
        MigrationInfoService migrations = flyway.info();
        schema = SchemaVersions.findings(migrations.all());
        DatabaseSettings settings = require();
        // Where that is accepted: a standby has its schema from its primary.
        if (!settings.readOnly() || migrations.pending().length > 0) {
            flyway.migrate();
        }
        verify();
    }

    /* Connections of before the migration have found no table to compare with. */
    private void verify() {
        try (Connection connection = pool.getConnection()) {
            incarnations.verify(connection);
        } catch (SQLException e) {
            throw new DataAccessResourceFailureException("the database cannot be compared with what it was", e);
        }
    }

    @Override
    public void afterSingletonsInstantiated() {
        // With spring.flyway.enabled=false nobody has asked for a migration.
        if (!done) {
            require();
        }
    }

    private DatabaseSettings require() {
        DatabaseSettings settings = DatabaseSettings.read(pool, sessions);
        List<Finding> findings = findings(settings);
        List<Finding> refused = findings.stream()
                .filter(finding -> finding.flaw().refused() && !accepted(finding))
                .toList();
        if (!refused.isEmpty()) {
            throw new UnfitDatabaseException(refused);
        }
        for (Finding finding : findings) {
            log.warn(
                    "{} {}",
                    StringUtils.capitalize(finding.sentence()),
                    accepted(finding)
                            ? "Accepted by sluice.database.accept="
                                    + finding.flaw().label()
                            : finding.advice());
        }
        done = true;
        return settings;
    }

    /** Returns what is to be said of a database with these settings. */
    List<Finding> findings(DatabaseSettings settings) {
        return Stream.concat(settings.findings().stream(), schema.stream()).toList();
    }

    boolean accepted(Finding finding) {
        return properties.accepts(finding.flaw());
    }
}
