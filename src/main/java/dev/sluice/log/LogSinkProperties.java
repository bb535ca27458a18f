package dev.sluice.log;

import dev.sluice.sink.Description;

/** The settings of a log sink: there are none. */
@Description("Lines on standard output.")
record LogSinkProperties() {}
