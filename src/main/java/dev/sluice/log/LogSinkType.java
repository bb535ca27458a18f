package dev.sluice.log;

import dev.sluice.sink.Guarantee;
import dev.sluice.sink.SinkType;
import java.io.PrintStream;
import java.util.List;
import org.springframework.stereotype.Component;

/** {@code type: log}. */
@Component
class LogSinkType implements SinkType<LogSinkProperties> {

    private final RecordPrinter printer;

    LogSinkType() {
        this(System.out);
    }

    LogSinkType(PrintStream out) {
        this.printer = new RecordPrinter(out);
    }

    @Override
    public String name() {
        return "log";
    }

    @Override
    public Class<LogSinkProperties> settingsType() {
        return LogSinkProperties.class;
    }

    @Override
    public Guarantee guarantee(LogSinkProperties settings) {
        return Guarantee.AT_LEAST_ONCE;
    }

    @Override
    public LogSink create(String id, List<String> partitions, LogSinkProperties settings) {
        return new LogSink(partitions, printer);
    }

    @Override
    public LogDynamicSink createDynamic(String id, LogSinkProperties settings) {
        return new LogDynamicSink(printer);
    }
}
