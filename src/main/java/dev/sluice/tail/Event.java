package dev.sluice.tail;

import dev.sluice.sink.ReadableSink.Excerpt;
import tools.jackson.databind.json.JsonMapper;

/** An event for a viewer. */
sealed interface Event {

    /** Returns the kind of event. */
    String name();

    /** Returns the last position that a viewer has seen with it, negative if it tells of none. */
    long last();

    /** Returns the data, one JSON object; positions are bytes of a file, or else offsets. */
    String data(boolean integersAsStrings, boolean bytes);

    private static String integer(long value, boolean asString) {
        return asString ? '"' + Long.toString(value) + '"' : Long.toString(value);
    }

    /** Where the viewer begins. */
    record Begun(long from) implements Event {

        @Override
        public String name() {
            return "begun";
        }

        @Override
        public long last() {
            return from - 1;
        }

        @Override
        public String data(boolean integersAsStrings, boolean bytes) {
            return "{\"from\":" + integer(from, integersAsStrings) + "}";
        }
    }

    /** A record. */
    record Arrived(Excerpt record) implements Event {

        @Override
        public String name() {
            return "record";
        }

        @Override
        public long last() {
            return record.last();
        }

        @Override
        public String data(boolean integersAsStrings, boolean bytes) {
            String position =
                    "{\"" + (bytes ? "position" : "offset") + "\":" + integer(record.first(), integersAsStrings);
            return record.whole()
                    ? position + ",\"value\":" + record.json() + "}"
                    : position + ",\"bytes\":" + record.bytes() + ",\"beginning\":"
                            + JsonMapper.shared().writeValueAsString(record.json()) + "}";
        }
    }

    /** Positions whose records are not shown, because there were too many. */
    record LeftOut(long from, long end) implements Event {

        @Override
        public String name() {
            return "left-out";
        }

        @Override
        public long last() {
            return end - 1;
        }

        @Override
        public String data(boolean integersAsStrings, boolean bytes) {
            return "{\"from\":" + integer(from, integersAsStrings) + ",\"to\":" + integer(end, integersAsStrings)
                    + ",\"" + (bytes ? "bytes" : "offsets") + "\":" + (end - from) + "}";
        }
    }

    /** The partition stands farther on; its records cannot be read back, or there are none at these offsets. */
    record Advanced(long from, long end) implements Event {

        @Override
        public String name() {
            return "advanced";
        }

        @Override
        public long last() {
            return end - 1;
        }

        @Override
        public String data(boolean integersAsStrings, boolean bytes) {
            return "{\"from\":" + integer(from, integersAsStrings) + ",\"to\":" + integer(end, integersAsStrings) + "}";
        }
    }

    /** The partition was taken back. */
    record Rewound(long end) implements Event {

        @Override
        public String name() {
            return "rewound";
        }

        @Override
        public long last() {
            return end - 1;
        }

        @Override
        public String data(boolean integersAsStrings, boolean bytes) {
            return "{\"to\":" + integer(end, integersAsStrings) + "}";
        }
    }

    /** It could not be looked at; it is tried again. */
    record Failed(String problem) implements Event {

        @Override
        public String name() {
            return "failed";
        }

        @Override
        public long last() {
            return -1;
        }

        @Override
        public String data(boolean integersAsStrings, boolean bytes) {
            return "{\"detail\":" + JsonMapper.shared().writeValueAsString(problem) + "}";
        }
    }
}
