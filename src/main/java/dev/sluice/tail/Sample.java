package dev.sluice.tail;

import dev.sluice.sink.ReadableSink.Excerpt;
import dev.sluice.tail.Event.Advanced;
import dev.sluice.tail.Event.Arrived;
import dev.sluice.tail.Event.LeftOut;
import java.util.ArrayList;
import java.util.List;

/** What a viewer is shown of a range of positions. */
final class Sample {

    private Sample() {}

    /**
     * Returns the events for {@code [from, end)}.
     *
     * @param records all of the range; or, if there are {@code most}, some from either end of it
     * @param bytes whether positions are bytes, which follow each other; offsets may have holes
     */
    static List<Event> of(long from, long end, List<Excerpt> records, int most, boolean bytes) {
        List<Event> events = new ArrayList<>(records.size() + 2);
        if (records.isEmpty()) {
            events.add(new Advanced(from, end));
            return events;
        }
        int cut = records.size() < most ? -1 : most - most / 2;
        long next = from;
        for (int i = 0; i < records.size(); i++) {
            Excerpt record = records.get(i);
            if (record.first() > next && (bytes || i == cut)) {
                events.add(new LeftOut(next, record.first()));
            }
            events.add(new Arrived(record));
            next = record.last() + 1;
        }
        if (bytes && next < end) {
            events.add(new LeftOut(next, end));
        }
        return events;
    }
}
