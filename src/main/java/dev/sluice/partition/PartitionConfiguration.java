package dev.sluice.partition;

import dev.sluice.snapshot.ReceiptProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;

@Configuration(proxyBeanMethods = false)
@EnableScheduling
@EnableConfigurationProperties(ReceiptProperties.class)
class PartitionConfiguration {}
