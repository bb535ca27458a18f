package dev.sluice.bench.postgres;

import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The settings of the server: the same for every side, and as durable as PostgreSQL is by default. */
public final class Settings {

    /** Given to a server of our own; everything else stays at its default. */
    static final Map<String, String> OWN = new LinkedHashMap<>();

    static {
        OWN.put("fsync", "on");
        OWN.put("synchronous_commit", "on");
        OWN.put("full_page_writes", "on");
        OWN.put("shared_buffers", "1GB");
        OWN.put("max_wal_size", "8GB");
        OWN.put("checkpoint_timeout", "15min");
    }

    private static final List<String> TOLD = List.of(
            "fsync",
            "synchronous_commit",
            "full_page_writes",
            "shared_buffers",
            "max_wal_size",
            "checkpoint_timeout",
            "wal_sync_method",
            "wal_compression",
            "wal_level",
            "commit_delay",
            "max_connections",
            "autovacuum");

    private Settings() {}

    public static Map<String, String> read(Database database) throws SQLException {
        Map<String, String> settings = new LinkedHashMap<>();
        for (String name : TOLD) {
            settings.put(name, database.text("show " + name));
        }
        return settings;
    }
}
