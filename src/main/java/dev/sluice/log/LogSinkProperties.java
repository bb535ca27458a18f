package dev.sluice.log;

/** The settings of a log sink: there are none. */
record LogSinkProperties() {}
