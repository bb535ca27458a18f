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

        @Description("What its users count on; a sink that does not keep it is refused.") @Nullable
        Guarantee guarantee) {

    enum Order {
        OFFSET,
        ANY
    }
}
