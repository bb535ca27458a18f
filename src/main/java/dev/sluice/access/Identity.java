package dev.sluice.access;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who sends a request.
 *
 * @param name as it stands in the trail of audit, like {@code key:ab2cd3ef}
 * @param grants what they may do
 * @param quotas how much of it
 */
public record Identity(String name, List<Grant> grants, Quotas quotas) {

    /** Whoever it is, where nobody has to say who they are. */
    public static final Identity ANYBODY = new Identity("anonymous", List.of(Grant.EVERYTHING));

    /** Nobody that is known. */
    public static final Identity NOBODY = new Identity("nobody", List.of());

    /** Makes one without quotas. */
    public Identity(String name, List<Grant> grants) {
        this(name, grants, Quotas.NONE);
    }

    /** Returns the name to which things belong that they alone may use; null where nobody has said who they are. */
    public @Nullable String known() {
        return equals(ANYBODY) || equals(NOBODY) ? null : name;
    }

    /** Whether they may do one of these with a sink. */
    public boolean may(String sink, List<Verb> verbs) {
        for (Grant grant : grants) {
            if (grant.covers(sink) && grant.allowsAny(verbs)) {
                return true;
            }
        }
        return false;
    }

    /** Whether they may do this with a sink. */
    public boolean may(String sink, Verb verb) {
        for (Grant grant : grants) {
            if (grant.verbs().contains(verb) && grant.covers(sink)) {
                return true;
            }
        }
        return false;
    }

    /** Whether they may do one of these with all sinks, those included that are defined later. */
    public boolean mayEverywhere(List<Verb> verbs) {
        return grants.stream().anyMatch(grant -> grant.coversAll() && grant.allowsAny(verbs));
    }

    /** Whether they may do anything with a sink: if not, it does not exist for them. */
    public boolean sees(String sink) {
        return grants.stream().anyMatch(grant -> grant.covers(sink));
    }

    /** Whether all sinks exist for them, those included that are defined later. */
    public boolean seesAll() {
        return grants.stream().anyMatch(Grant::coversAll);
    }

    /** Returns those sinks that exist for them. */
    public List<String> seen(Collection<String> sinks) {
        return sinks.stream().filter(this::sees).toList();
    }
}
