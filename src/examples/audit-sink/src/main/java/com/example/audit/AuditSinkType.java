package com.example.audit;

import dev.sluice.sink.Guarantee;
import dev.sluice.sink.SinkType;
import java.util.List;
import javax.sql.DataSource;

/** {@code type: audit}. */
class AuditSinkType implements SinkType<AuditSettings> {

    private final DataSource dataSource;

    AuditSinkType(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public String name() {
        return "audit";
    }

    @Override
    public Class<AuditSettings> settingsType() {
        return AuditSettings.class;
    }

    /** Exactly-once, because entries and snapshot are committed by the same transaction. */
    @Override
    public Guarantee guarantee(AuditSettings settings) {
        return Guarantee.EXACTLY_ONCE;
    }

    @Override
    public AuditSink create(String id, List<String> partitions, AuditSettings settings) {
        return new AuditSink(partitions, settings, dataSource);
    }
}
