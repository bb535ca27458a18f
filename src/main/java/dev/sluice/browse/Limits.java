package dev.sluice.browse;

import dev.sluice.call.Facts;

/** Says why a sink's guarantee is not stronger, from what its definition and its guarantee are. */
final class Limits {

    private Limits() {}

    /** Returns a sentence; empty where the guarantee is the strongest, or is that of a target. */
    static String of(Facts sink) {
        String guarantee = sink.text("guarantee");
        String id = sink.text("id");
        if (guarantee.isEmpty() || guarantee.equals("exactly-once")) {
            return "";
        }
        if (sink.has("workers")) {
            return id + " has workers, which keep no positions: what is sent again is written again. With partitions in"
                    + " the place of workers, offsets tell what is new.";
        }
        if (sink.size("targets") > 0) {
            return id + " is made of others and promises what the weakest of them does.";
        }
        return switch (sink.text("type")) {
            case "http" -> http(id, guarantee);
            case "log" -> id + " writes to standard output, where nobody can look up what came before a crash.";
            case "table" -> table(id, guarantee, sink.at("settings"));
            default -> id + " promises " + guarantee + ", says its type " + sink.text("type") + ".";
        };
    }

    private static String http(String id, String guarantee) {
        return guarantee.equals("effectively-once")
                ? id + " calls an HTTP API. After a crash the same request goes out once more, with the same"
                        + " Idempotency-Key: it is written once if the API honours the key. Only another Sluice behind it"
                        + " (envelope: sluice) can prove it."
                : id + " calls an HTTP API that is not said to honour Idempotency-Key: after a crash, or an answer that"
                        + " never came, a request may arrive twice.";
    }

    private static String table(String id, String guarantee, Facts settings) {
        String accepted = settings.text("accept");
        if (accepted.contains("unlogged")) {
            return id + " has a table that is unlogged, which its definition accepts: PostgreSQL empties it after a"
                    + " crash, with everything that was acknowledged.";
        }
        if (accepted.contains("view")) {
            return id + " writes to a view, which its definition accepts: whether rows stay behind it cannot be looked"
                    + " at.";
        }
        if (accepted.contains("foreign")) {
            return id + " writes to a foreign table, which its definition accepts: its server does not commit together"
                    + " with the snapshot.";
        }
        return guarantee.equals("effectively-once")
                ? id + " has 'rewind: position': a partition that is taken back leaves its rows where they are, and"
                        + " records that come again meet them."
                : id + " promises " + guarantee + " by its definition.";
    }
}
