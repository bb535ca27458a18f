package dev.sluice.database;

/** A flaw of the database at hand. */
record Finding(Flaw flaw, String found) {

    /** Returns what was found, what was expected, and what that means for an acknowledgement. */
    String sentence() {
        return "%s, expected is %s: %s.".formatted(found, flaw.expected(), flaw.loss());
    }

    /** Returns what to do about it. */
    String advice() {
        return flaw.refused()
                ? "%s; or accept it by its name: sluice.database.accept=%s.".formatted(flaw.remedy(), flaw.label())
                : flaw.remedy() + ".";
    }
}
