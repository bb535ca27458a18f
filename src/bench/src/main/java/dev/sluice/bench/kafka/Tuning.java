package dev.sluice.bench.kafka;

import java.util.LinkedHashMap;
import java.util.Map;

/** The settings that decide how fast the peer is, each the fastest of those that were tried with it. */
final class Tuning {

    private Tuning() {}

    /** All of the connector's but those that tell nothing: names, topics, who connects. */
    static Map<String, String> connector(Options options) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("connector.class", "io.debezium.connector.jdbc.JdbcSinkConnector");
        settings.put("tasks.max", Integer.toString(options.partitions()));
        settings.put("connection.url", rewriting(options.url()));
        settings.put("collection.name.format", options.table());
        settings.put("primary.key.mode", "record_value");
        settings.put("primary.key.fields", "partition_id,source_offset");
        // Its answer to duplicates: "insert" would fail on the first one, and there is no "on conflict do nothing".
        settings.put("insert.mode", "upsert");
        settings.put("schema.evolution", "none");
        // The other way to one statement for many rows, an array for each column, costs the database more.
        settings.put("dialect.postgres.unnest.insert.enabled", "false");
        // Without it, the same row twice in one rewritten statement is an error, and duplicates are what upsert is for.
        settings.put("use.reduction.buffer", "true");
        settings.put("batch.size", "5000");
        // Without it a batch is never larger than a poll, of 500 records.
        settings.put("consumer.override.max.poll.records", "5000");
        settings.put("consumer.override.fetch.min.bytes", "1");
        settings.put("consumer.override.max.partition.fetch.bytes", "4194304");
        settings.put("connection.pool.min_size", "1");
        settings.put("connection.pool.max_size", "2");
        settings.putAll(options.encoding().settings());
        settings.putAll(options.overridesOf("connector"));
        return settings;
    }

    /** With the driver's setting by which a batch of inserts becomes statements of many rows. */
    private static String rewriting(String url) {
        if (url.contains("reWriteBatchedInserts=")) {
            return url;
        }
        return url + (url.contains("?") ? "&" : "?") + "reWriteBatchedInserts=true";
    }

    static Map<String, String> producer(Options options) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("acks", "all");
        settings.put("linger.ms", "5");
        settings.put("batch.size", Integer.toString(256 * 1024));
        settings.put("compression.type", "none");
        settings.put("buffer.memory", Integer.toString(64 * 1024 * 1024));
        settings.putAll(options.overridesOf("producer"));
        return settings;
    }
}
