package dev.sluice.definition;

import dev.sluice.sink.Bounds;
import dev.sluice.sink.Description;
import dev.sluice.sink.Guarantee;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** What {@link CommonKeys} reads, described like the settings of a type. Never made. */
record CommonSettings(
        @Description("The kind of sink.") String type,

        @Description("The names of its partitions, in an order that stays once there is data. Not with workers.")
        @Bounds(least = "1", most = "100000")
        @Nullable
        List<String> partitions,

        @Description("How many workers, which keep no positions, stand in place of partitions.")
        @Bounds(least = "1", most = "1000")
        @Nullable
        Integer workers,

        @Description("Whether offsets of a partition come in their order, or in any.") @DefaultValue("offset")
        Order order,

        @Description("With order: any, how many separate ranges of settled offsets a partition keeps at most.")
        @Bounds(least = "1", most = "100000")
        @DefaultValue("10000")
        Integer maxRanges,

        @Description(
                "What becomes of a record that the target refuses: it stops its batch, or is settled as a dead letter.")
        @DefaultValue("stop")
        OnRejected onRejected,

        @Description("With on-rejected: dead-letter, beyond which bounds a batch is stopped all the same.") @Nullable
        DeadLetters deadLetters,

        @Description("What its users count on; a sink that does not keep it is refused.") @Nullable
        Guarantee guarantee) {

    enum OnRejected {
        STOP,
        DEAD_LETTER
    }

    record DeadLetters(
            @Description("How many dead letters of the sink may be open at once.")
            @Bounds(least = "1", most = "10000000")
            @DefaultValue("10000")
            Integer maxOpen,

            @Description("How many records of one batch may become dead letters.")
            @Bounds(least = "1", most = "100")
            @DefaultValue("100")
            Integer maxPerBatch,

            @Description(
                    "How many of a hundred of a partition's latest 1,000 records may be dead letters; 5 records may"
                            + " in any case.")
            @Bounds(least = "1", most = "100")
            @DefaultValue("10")
            Integer maxShare) {}

    enum Order {
        OFFSET,
        ANY
    }
}
