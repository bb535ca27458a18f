package dev.sluice.http;

import dev.sluice.sink.Bounds;
import dev.sluice.sink.Description;
import dev.sluice.sink.LocalOnly;
import dev.sluice.sink.Secret;
import java.time.Duration;
import java.util.Map;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/** The settings of an HTTP sink. */
@Description("Requests to an HTTP API, one for each batch.")
record HttpSinkProperties(
        @Description("Where to send to; {partition} in it stands for the partition's name.")
        String url,

        @Description("What the body of a request looks like.") @DefaultValue("events")
        Envelope envelope,

        @Description("Headers that are sent with each request.") @DefaultValue @Secret
        Map<String, String> headers,

        @Description("Names of files with the values of headers, read anew for each request.") @DefaultValue @LocalOnly
        Map<String, String> headerFiles,

        @Description("The method of the requests.") @DefaultValue("post")
        Method method,

        @Description("Whether the target takes two requests with the same Idempotency-Key for one.")
        @DefaultValue("false")
        boolean targetHonoursKey,

        @Description("How often one batch is tried.") @Bounds(least = "1", most = "1000") @DefaultValue("5")
        int maxAttempts,

        @Description("The longest wait before the second try; twice that before the third, and so on.")
        @Bounds(least = "1ms", most = "1d")
        @DefaultValue("200ms")
        Duration backoff,

        @Description("The longest wait between two tries, unless the target asks for more; at least backoff.")
        @Bounds(least = "1ms", most = "1d")
        @DefaultValue("30s")
        Duration maxBackoff,

        @Description("The time for one try, from the connection to the end of the answer.")
        @Bounds(least = "1ms", most = "1d")
        @DefaultValue("30s")
        Duration timeout,

        @Description("The time for the connection alone.") @Bounds(least = "1ms", most = "1d") @DefaultValue("5s")
        Duration connectTimeout,

        @Description("The time for all tries of one batch together.")
        @Bounds(least = "1ms", most = "1d")
        @DefaultValue("2m")
        Duration deadline,

        @Description("How much of an answer is read.") @Bounds(least = "0B", most = "16MB") @DefaultValue("64KB")
        DataSize maxResponse,

        @Description("After how many failed tries in a row none is made for a while.")
        @Bounds(least = "1", most = "1000")
        @DefaultValue("10")
        int breakerFailures,

        @Description("How long that is.") @Bounds(least = "1ms", most = "1d") @DefaultValue("10s")
        Duration breakerWait) {

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
