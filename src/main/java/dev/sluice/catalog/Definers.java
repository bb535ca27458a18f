package dev.sluice.catalog;

import dev.sluice.sink.Reach;

/** Who may define sinks over HTTP. */
public interface Definers {

    /** Returns how far the sinks may reach that they define. */
    Reach reach();
}
