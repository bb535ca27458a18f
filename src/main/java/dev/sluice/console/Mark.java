package dev.sluice.console;

import dev.sluice.call.Facts;

/**
 * A state as a word and a shape, so that it can be told without its colour.
 *
 * @param kind {@code good}, {@code bad}, {@code warn}, {@code off} or {@code plain}
 */
public record Mark(String kind, String text) {

    /** Returns the shape. */
    public String shape() {
        return switch (kind) {
            case "good" -> "●";
            case "bad" -> "▲";
            case "warn" -> "◆";
            case "off" -> "■";
            default -> "○";
        };
    }

    /** Returns how a sink is, by its worst state. */
    public static Mark ofSink(Facts sink) {
        if (sink.has("problem")) {
            return new Mark("bad", "unusable");
        }
        if (sink.at("status").at("writes").has("failingSince")
                || sink.at("status").at("deliveries").has("failingSince")) {
            return new Mark("bad", "failing");
        }
        if (sink.size("control") > 0) {
            return ofControl(sink);
        }
        return sink.at("status").at("writes").has("lastSuccess")
                ? new Mark("good", "works")
                : new Mark("plain", "idle");
    }

    /** Returns how a partition is. */
    public static Mark ofPartition(Facts partition) {
        if (partition.size("control") > 0) {
            return ofControl(partition);
        }
        if (partition.at("snapshot").has("owner")) {
            return new Mark("good", "opened");
        }
        return partition.at("snapshot").number("version") > 0 ? new Mark("good", "used") : new Mark("plain", "unused");
    }

    private static Mark ofControl(Facts controlled) {
        Facts first = controlled.list("control").get(0);
        String state = first.text("state");
        return new Mark("off", state.equals("paused") ? first.text("what") + " paused" : state);
    }

    /** Returns how a dead letter or a task is, by its own word. */
    public static Mark of(String state) {
        return switch (state) {
            case "open", "DEGRADED" -> new Mark("warn", state);
            case "sending", "running" -> new Mark("plain", state);
            case "replayed", "done", "UP" -> new Mark("good", state);
            case "failed", "DOWN", "OUT_OF_SERVICE" -> new Mark("bad", state);
            default -> new Mark("off", state);
        };
    }
}
