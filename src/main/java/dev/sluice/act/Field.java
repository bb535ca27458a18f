package dev.sluice.act;

import java.util.List;

/**
 * A field of a form, which is a member of the call's body.
 *
 * @param help a sentence, empty for none
 * @param options of a choice; empty for a text or, where {@code flag}, a box to tick
 */
public record Field(String name, String label, String help, boolean required, boolean flag, List<String> options) {

    static Field text(String name, String label, String help) {
        return new Field(name, label, help, false, false, List.of());
    }

    static Field required(String name, String label, String help) {
        return new Field(name, label, help, true, false, List.of());
    }

    static Field flag(String name, String label, String help) {
        return new Field(name, label, help, false, true, List.of());
    }

    static Field choice(String name, String label, String help, String... options) {
        return new Field(name, label, help, true, false, List.of(options));
    }
}
