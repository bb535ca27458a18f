package dev.sluice.bench.postgres;

/** The competitors' tables: the same columns, keys and storage as Sluice's, in a schema of their own. */
public final class PeerTables {

    private static final String EVENTS = """
            create table peer.events (
                partition_id  text   not null,
                source_offset bigint not null,
                data          jsonb  not null,
                primary key (partition_id, source_offset)
            )""";

    private static final String SNAPSHOT = """
            create table peer.snapshot (
                sink             text        not null,
                partition_id     text        not null,
                next_offset      bigint      not null default 0 check (next_offset >= 0),
                delivered_offset bigint      check (delivered_offset between 0 and next_offset),
                fencing_token    bigint      not null default 0 check (fencing_token >= 0),
                version          bigint      not null default 0 check (version >= 0),
                state            json,
                owner            text,
                opened_at        timestamptz,
                updated_at       timestamptz,
                life             bigint      not null default 0,
                primary key (sink, partition_id)
            ) with (fillfactor = 50)""";

    private static final String RECEIPT = """
            create table peer.receipt (
                sink           text        not null,
                partition_id   text        not null,
                first_offset   bigint      not null,
                end_offset     bigint      not null,
                fencing_token  bigint      not null,
                record_count   integer     not null,
                record_hashes  bytea       not null,
                record_offsets bytea,
                committed_at   timestamptz not null default now(),
                state_hash     bigint,
                primary key (sink, partition_id, first_offset),
                check (first_offset >= 0 and first_offset < end_offset),
                check (octet_length(record_hashes) = 8 * record_count),
                check (octet_length(record_offsets) = 8 * record_count),
                check (record_offsets is not null or record_count = end_offset - first_offset)
            )""";

    private PeerTables() {}

    /** Returns what creates them. */
    public static String[] create() {
        return new String[] {
            "create schema peer",
            EVENTS,
            SNAPSHOT,
            RECEIPT,
            "alter table peer.receipt alter column record_hashes set storage external",
            "create index receipt_committed_at on peer.receipt using brin (committed_at)"
        };
    }

    /** Returns what empties them and makes a snapshot row for each of so many partitions. */
    public static String[] reset(int partitions) {
        return new String[] {
            "truncate peer.events, peer.receipt, peer.snapshot",
            "insert into peer.snapshot (sink, partition_id) select 'events', p::text from generate_series(0, "
                    + (partitions - 1) + ") as p",
            "vacuum analyze peer.snapshot"
        };
    }
}
