package dev.sluice.body;

import dev.sluice.json.JsonLimits;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What one request may ask for.
 *
 * @param bodySize bytes of a body after decompression
 * @param recordSize bytes of one record
 * @param records records of one batch
 * @param depth arrays and objects inside each other
 * @param stringSize bytes of one string as sent
 * @param numberLength characters of one number
 * @param exponent the exponent of a number, whatever its sign
 * @param decompressionRatio bytes after decompression for each byte before, once a megabyte has come out
 * @param readDeadline how long a body may take, not counting what {@code readRate} allows for its size
 * @param readRate bytes per second that extend the deadline as they arrive
 */
@ConfigurationProperties(prefix = "sluice.limits", ignoreUnknownFields = false)
public record LimitProperties(
        @DefaultValue("4GB") DataSize bodySize,
        @DefaultValue("1MB") DataSize recordSize,
        @DefaultValue("20000000") long records,
        @DefaultValue("500") int depth,
        @DefaultValue("1MB") DataSize stringSize,
        @DefaultValue("1000") int numberLength,
        @DefaultValue("400") int exponent,
        @DefaultValue("250") int decompressionRatio,
        @DefaultValue("30s") Duration readDeadline,
        @DefaultValue("64KB") DataSize readRate) {

    private static final long MOST_RECORD_BYTES = 256L << 20;

    public LimitProperties {
        require(bodySize.toBytes() > 0, "body-size", "a size, like 4GB");
        require(within(recordSize.toBytes(), MOST_RECORD_BYTES), "record-size", "a size from 1B to 256MB");
        require(records > 0, "records", "1 or more");
        require(within(depth, 5_000), "depth", "from 1 to 5000");
        require(within(stringSize.toBytes(), MOST_RECORD_BYTES), "string-size", "a size from 1B to 256MB");
        require(within(numberLength, 100_000), "number-length", "from 1 to 100000");
        require(within(exponent, 100_000), "exponent", "from 1 to 100000");
        require(decompressionRatio > 0, "decompression-ratio", "1 or more");
        require(readDeadline.toMillis() > 0, "read-deadline", "a duration, like 30s");
        require(readRate.toBytes() > 0, "read-rate", "a size, like 64KB");
    }

    JsonLimits json() {
        return new JsonLimits((int) recordSize.toBytes(), depth, (int) stringSize.toBytes(), numberLength, exponent);
    }

    private static boolean within(long value, long most) {
        return value > 0 && value <= most;
    }

    private static void require(boolean holds, String key, String expected) {
        if (!holds) {
            throw new IllegalArgumentException("sluice.limits." + key + " must be " + expected);
        }
    }
}
