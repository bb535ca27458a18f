package dev.sluice.bench.postgres;

import dev.sluice.bench.load.SampleRecords;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The transaction that Sluice would make for one batch if it committed each alone: lock the snapshot, insert the records
 * and the receipt, advance the snapshot. What a client would compute (hashes) is given.
 */
public record PgBenchScript(String sql, Map<String, String> variables) {

    private static final String SINGLE = """
            insert into peer.events values (:p, :next_offset, :data);
            """;

    private static final String MANY = """
            insert into peer.events select :p::text, :next_offset + r.n - 1, r.data::jsonb \
            from unnest(:data::text[]) with ordinality as r (data, n);
            """;

    /** Returns the script for batches of so many records to random ones of so many partitions. */
    public static PgBenchScript of(int records, int partitions) {
        String sql = """
                \\set p random(0, %d)
                begin;
                select next_offset, delivered_offset, fencing_token, version, state::text as state, owner, opened_at, updated_at, \
                life from peer.snapshot where sink = 'events' and partition_id = :p for update \\gset
                %sinsert into peer.receipt (sink, partition_id, first_offset, end_offset, fencing_token, record_count, \
                record_hashes) values ('events', :p, :next_offset, :next_offset + %d, 0, %d, :hashes);
                update peer.snapshot set next_offset = :next_offset + %d, state = null, version = :version + 1, \
                updated_at = now() where sink = 'events' and partition_id = :p and version = :version;
                commit;
                """.formatted(partitions - 1, records == 1 ? SINGLE : MANY, records, records, records);
        return new PgBenchScript(
                sql,
                Map.of(
                        "data",
                        records == 1 ? SampleRecords.of(1).get(0) : array(records),
                        "hashes",
                        "\\x" + "0123456789abcdef".repeat(records)));
    }

    private static String array(int records) {
        return SampleRecords.of(records).stream()
                .map(json -> '"' + json.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
                .collect(Collectors.joining(",", "{", "}"));
    }
}
