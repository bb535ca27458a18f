package dev.sluice.snapshot;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A set of offsets as ranges that neither overlap nor touch. Not thread-safe. */
public final class OffsetRanges {

    private final TreeMap<Long, Long> endByFirst = new TreeMap<>();

    /** Makes a set of the offsets of {@code ranges}. */
    public static OffsetRanges of(List<OffsetRange> ranges) {
        OffsetRanges set = new OffsetRanges();
        ranges.forEach(set::add);
        return set;
    }

    /** Adds the offsets of a range. */
    public void add(OffsetRange range) {
        if (range.isEmpty()) {
            return;
        }
        long first = range.first();
        long end = range.end();
        Map.Entry<Long, Long> before = endByFirst.floorEntry(first);
        if (before != null && before.getValue() >= first) {
            first = before.getKey();
            end = Math.max(end, before.getValue());
        }
        Map.Entry<Long, Long> next = endByFirst.ceilingEntry(first);
        while (next != null && next.getKey() <= end) {
            end = Math.max(end, next.getValue());
            endByFirst.remove(next.getKey());
            next = endByFirst.ceilingEntry(first);
        }
        endByFirst.put(first, end);
    }

    /** Returns the parts of {@code range} that are in this set, in order. */
    public List<OffsetRange> within(OffsetRange range) {
        List<OffsetRange> parts = new ArrayList<>();
        Map.Entry<Long, Long> entry = endByFirst.floorEntry(range.first());
        if (entry == null || entry.getValue() <= range.first()) {
            entry = endByFirst.higherEntry(range.first());
        }
        while (entry != null && entry.getKey() < range.end()) {
            parts.add(
                    new OffsetRange(Math.max(entry.getKey(), range.first()), Math.min(entry.getValue(), range.end())));
            entry = endByFirst.higherEntry(entry.getKey());
        }
        return parts;
    }

    /** Returns the parts of {@code range} that are not in this set, in order. */
    public List<OffsetRange> without(OffsetRange range) {
        List<OffsetRange> parts = new ArrayList<>();
        long from = range.first();
        for (OffsetRange inside : within(range)) {
            if (from < inside.first()) {
                parts.add(new OffsetRange(from, inside.first()));
            }
            from = inside.end();
        }
        if (from < range.end()) {
            parts.add(new OffsetRange(from, range.end()));
        }
        return parts;
    }

    /** Returns the offset below which all are in this set. */
    public long completeUpTo() {
        Map.Entry<Long, Long> lowest = endByFirst.firstEntry();
        return lowest == null || lowest.getKey() > 0 ? 0 : lowest.getValue();
    }

    /** Returns the number of ranges. */
    public int size() {
        return endByFirst.size();
    }

    /** Returns the ranges in order. */
    public List<OffsetRange> ranges() {
        return endByFirst.entrySet().stream()
                .map(entry -> new OffsetRange(entry.getKey(), entry.getValue()))
                .toList();
    }

    /** Returns the set as PostgreSQL writes an {@code int8multirange}. */
    @Override
    public String toString() {
        return endByFirst.entrySet().stream()
                .map(entry -> "[" + entry.getKey() + "," + entry.getValue() + ")")
                .collect(Collectors.joining(",", "{", "}"));
    }
}
