package dev.sluice.table;

import dev.sluice.sink.Guarantee;
import java.util.Locale;

/** What keeps a target from being as safe as the service's own rows. A definition may accept it by its label. */
enum Shortcoming {
    /** PostgreSQL empties unlogged tables after a crash. */
    UNLOGGED(
            Guarantee.NONE,
            "is unlogged: PostgreSQL empties it after a crash, with everything that was acknowledged. Run:"
                    + " alter table {table} set logged"),
    /** What is behind a view cannot be looked at. */
    VIEW(
            Guarantee.NONE,
            "is a view: where its rows go, and whether they stay, cannot be looked at. Name the table behind it"),
    /** Another server commits by itself. */
    FOREIGN(
            Guarantee.AT_LEAST_ONCE,
            "is a foreign table: its server does not commit together with this one. Name a table of this database");

    private final Guarantee guarantee;
    private final String sentence;

    Shortcoming(Guarantee guarantee, String sentence) {
        this.guarantee = guarantee;
        this.sentence = sentence;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns what is left of the guarantee where it is accepted. */
    Guarantee guarantee() {
        return guarantee;
    }

    /** Returns what is wrong and what to do about it. */
    String told(String quotedTable) {
        return sentence.replace("{table}", quotedTable) + "; or accept it by its name, accept: [" + label()
                + "]: then the guarantee of this sink is " + guarantee.text();
    }
}
