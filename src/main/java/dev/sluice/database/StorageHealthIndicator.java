package dev.sluice.database;

import java.sql.Connection;
import javax.sql.DataSource;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Whether the database answers within a moment. */
final class StorageHealthIndicator extends AbstractHealthIndicator {

    private static final int SECONDS = 2;

    private final DataSource dataSource;

    StorageHealthIndicator(DataSource dataSource) {
        super("The database does not answer");
        this.dataSource = dataSource;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) throws Exception {
        try (Connection connection = dataSource.getConnection()) {
            if (connection.isValid(SECONDS)) {
                builder.up();
            } else {
                builder.down();
            }
        }
    }
}
