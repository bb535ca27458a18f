package dev.sluice.http;

import dev.sluice.sink.LocalOnly;
import dev.sluice.sink.Secret;
import java.time.Duration;
import java.util.Map;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The settings of an HTTP sink.
 *
 * @param url where to send to; <code>{partition}</code> in it stands for the partition's name
 * @param envelope what the body looks like
 * @param headers sent with each request; their values are secrets
 * @param headerFiles names of files with the values of headers, read anew for each request
 * @param targetHonoursKey whether the target takes two requests with the same Idempotency-Key for one
 * @param maxAttempts how often one batch is tried
 * @param backoff the longest wait before the second try; twice that before the third, and so on
 * @param maxBackoff the longest wait between two tries, unless the target asks for more
 * @param timeout for one try, from the connection to the end of the answer
 * @param connectTimeout for the connection alone
 * @param deadline for all tries of one batch together
 * @param maxResponse how much of an answer is read
 * @param breakerFailures after how many failed tries in a row none is made for a while
 * @param breakerWait that while
 */
record HttpSinkProperties(
        String url,
        @DefaultValue("events") Envelope envelope,
        @DefaultValue @Secret Map<String, String> headers,
        @DefaultValue @LocalOnly Map<String, String> headerFiles,
        @DefaultValue("post") Method method,
        @DefaultValue("false") boolean targetHonoursKey,
        @DefaultValue("5") int maxAttempts,
        @DefaultValue("200ms") Duration backoff,
        @DefaultValue("30s") Duration maxBackoff,
        @DefaultValue("30s") Duration timeout,
        @DefaultValue("5s") Duration connectTimeout,
        @DefaultValue("2m") Duration deadline,
        @DefaultValue("64KB") DataSize maxResponse,
        @DefaultValue("10") int breakerFailures,
        @DefaultValue("10s") Duration breakerWait) {

    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final DataSize LARGEST = DataSize.ofMegabytes(16);
    private static final int MOST = 1000;

    HttpSinkProperties {
        Address address = new Address(url);
        if (envelope == Envelope.SLUICE && (address.hasQuery() || method != Method.POST)) {
            throw new IllegalArgumentException(
                    "envelope: sluice wants method: post and, as url, that of another Sluice's"
                            + " partition without parameters, like http://host:8080/sinks/events/partitions/{partition}");
        }
        headers = Map.copyOf(headers);
        headerFiles = Map.copyOf(headerFiles);
        RequestHeaders.check(headers, headerFiles);
        between("max-attempts", maxAttempts, 1, MOST);
        between("backoff", backoff, SHORTEST, LONGEST);
        between("max-backoff", maxBackoff, SHORTEST, LONGEST);
        if (maxBackoff.compareTo(backoff) < 0) {
            throw new IllegalArgumentException(
                    "max-backoff: must not be shorter than backoff (" + backoff + "), but is " + maxBackoff);
        }
        between("timeout", timeout, SHORTEST, LONGEST);
        between("connect-timeout", connectTimeout, SHORTEST, LONGEST);
        between("deadline", deadline, SHORTEST, LONGEST);
        between("max-response", maxResponse, DataSize.ofBytes(0), LARGEST);
        between("breaker-failures", breakerFailures, 1, MOST);
        between("breaker-wait", breakerWait, SHORTEST, LONGEST);
    }

    private static <T extends Comparable<T>> void between(String key, T value, T least, T most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(key + ": must be from " + least + " to " + most + ", but is " + value);
        }
    }

    Address address() {
        return new Address(url);
    }

    /** Tells the names of the headers, but not their values, and not the URL's query. */
    @Override
    public String toString() {
        return "HttpSinkProperties[url=" + address() + ", envelope=" + envelope + ", method=" + method + ", headers="
                + headers.keySet() + ", headerFiles=" + headerFiles + "]";
    }
}
