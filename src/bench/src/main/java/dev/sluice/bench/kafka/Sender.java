package dev.sluice.bench.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** What a user's program would be: it numbers its rows for each partition and sends them, a partition at a time. */
final class Sender implements AutoCloseable {

    private final String topic;
    private final Encoding encoding;
    private final Payloads payloads;
    private final KafkaProducer<byte[], byte[]> producer;
    private final byte[][] names;
    private final long[] next;

    Sender(Options options, String brokerAddress, String topic, Payloads payloads) {
        this.topic = topic;
        this.encoding = options.encoding();
        this.payloads = payloads;
        this.next = new long[options.partitions()];
        this.names = new byte[options.partitions()][];
        for (int i = 0; i < names.length; i++) {
            names[i] = partition(i).getBytes(StandardCharsets.US_ASCII);
        }
        Map<String, Object> settings = new HashMap<>(Tuning.producer(options));
        settings.put("bootstrap.servers", brokerAddress);
        this.producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** The name of a partition in the table. */
    static String partition(int number) {
        return "p" + number;
    }

    /** Returns when the broker has acknowledged all of them; the partitions take turns. */
    void send(int rows) {
        AtomicReference<Exception> failure = new AtomicReference<>();
        for (int row = 0; row < rows; row++) {
            int partition = row % names.length;
            byte[] value = encoding.value(names[partition], next[partition]++, payloads.get(row));
            producer.send(new ProducerRecord<>(topic, partition, null, value), (metadata, e) -> {
                if (e != null) {
                    failure.compareAndSet(null, e);
                }
            });
        }
        producer.flush();
        if (failure.get() != null) {
            throw new PeerException("a row could not be sent", failure.get());
        }
    }

    /** The offsets of the last rows sent, by partition. */
    long[] last() {
        long[] last = new long[next.length];
        for (int i = 0; i < last.length; i++) {
            last[i] = next[i] - 1;
        }
        return last;
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
