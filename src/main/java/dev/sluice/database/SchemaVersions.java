package dev.sluice.database;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.flywaydb.core.api.MigrationVersion;

/** Compares the migrations that the database has with those of this jar. Flyway itself passes over newer ones. */
final class SchemaVersions {

    private static final Set<MigrationState> UNKNOWN =
            EnumSet.of(MigrationState.FUTURE_SUCCESS, MigrationState.FUTURE_FAILED, MigrationState.MISSING_SUCCESS);

    private SchemaVersions() {}

    static List<Finding> findings(MigrationInfo... migrations) {
        String unknown = versioned(migrations)
                .filter(migration -> UNKNOWN.contains(migration.getState()))
                .map(migration -> migration.getVersion() + " (" + migration.getDescription() + ")")
                .collect(Collectors.joining(", "));
        if (unknown.isEmpty()) {
            return List.of();
        }
        String newest = versioned(migrations)
                .filter(migration -> !UNKNOWN.contains(migration.getState()))
                .map(MigrationInfo::getVersion)
                .max(MigrationVersion::compareTo)
                .map(MigrationVersion::toString)
                .orElse("none");
        return List.of(new Finding(
                Flaw.SCHEMA_NEWER,
                "the schema of the service in the database has the migration " + unknown
                        + ", and this version knows those up to " + newest));
    }

    private static Stream<MigrationInfo> versioned(MigrationInfo... migrations) {
        return Arrays.stream(migrations).filter(migration -> migration.getVersion() != null);
    }
}
