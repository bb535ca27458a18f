package dev.sluice.catalog;

import dev.sluice.access.Identity;
import dev.sluice.access.Quota;
import dev.sluice.access.Verb;
import dev.sluice.catalog.DefinitionLoader.Current;
import dev.sluice.request.Work;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How many sinks, and partitions of sinks, there may be of those that a sender may define. */
final class DefinitionQuotas {

    private DefinitionQuotas() {}

    /** Throws {@link QuotaExceededException} if there are too many with this one; what makes nothing more is let pass. */
    static void require(Current current, SinkDefinition wanted) {
        Identity sender = Work.currentSender();
        Long mostSinks = sender.quotas().of(Quota.SINKS);
        Long mostPartitions = sender.quotas().of(Quota.PARTITIONS);
        if (mostSinks == null && mostPartitions == null) {
            return;
        }
        Set<String> others = Stream.concat(current.drafts().keySet().stream(), current.unusable().keySet().stream())
                .filter(id -> !id.equals(wanted.id()) && sender.may(id, Verb.DEFINE))
                .filter(id -> !isConfigured(current, id))
                .collect(Collectors.toSet());
        boolean there =
                current.drafts().containsKey(wanted.id()) || current.unusable().containsKey(wanted.id());
        if (mostSinks != null && !there && others.size() >= mostSinks) {
            throw new QuotaExceededException(
                    Quota.SINKS,
                    mostSinks,
                    sender.name() + " may define " + mostSinks + " sinks, and there are " + others.size() + " of those"
                            + " that it may define. Delete one that is not needed");
        }
        long before = there ? partitions(current, wanted.id()) : 0;
        long all = others.stream().mapToLong(id -> partitions(current, id)).sum();
        int more = wanted.partitions().size();
        if (mostPartitions != null && more > before && all + more > mostPartitions) {
            throw new QuotaExceededException(
                    Quota.PARTITIONS,
                    mostPartitions,
                    sender.name() + " may define " + mostPartitions + " partitions in all, the other sinks that it may"
                            + " define have " + all + ", and this one would have " + more + ". Define fewer");
        }
    }

    private static boolean isConfigured(Current current, String id) {
        Assembly.Assembled sink = current.sinks().get(id);
        return sink != null && sink.draft().stated().local();
    }

    /* Of a sink that cannot be used nobody knows. */
    private static long partitions(Current current, String id) {
        Assembly.Assembled sink = current.sinks().get(id);
        return sink == null ? 0 : sink.sink().partitions().size();
    }
}
