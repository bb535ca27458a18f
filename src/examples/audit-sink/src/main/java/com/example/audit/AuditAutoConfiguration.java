package com.example.audit;

import javax.sql.DataSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

/** Makes the type known to the service: all it looks for is a bean of type {@code SinkType}. */
@AutoConfiguration
class AuditAutoConfiguration {

    @Bean
    AuditSinkType auditSinkType(DataSource dataSource) {
        return new AuditSinkType(dataSource);
    }
}
