package dev.sluice.security;

import dev.sluice.access.Identity;
import dev.sluice.access.Verb;
import dev.sluice.catalog.NearestNames;
import dev.sluice.catalog.SinkCatalog;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.catalog.UnusableSink;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemException;
import dev.sluice.problem.ProblemType;
import dev.sluice.request.Work;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/** Decides what the sender of the request that a thread works for may do. What they may not see does not exist. */
@Component
public class Access {

    private final SinkCatalog catalog;
    private final Senders senders;

    Access(SinkCatalog catalog, Senders senders) {
        this.catalog = catalog;
        this.senders = senders;
    }

    /** Whether senders have to say who they are. */
    public boolean isAsked() {
        return senders.mustSay();
    }

    /**
     * Returns whose key or token this is.
     *
     * @throws ProblemException if it is nobody's
     */
    public Identity whose(String credential) {
        return senders.whose(credential);
    }

    /** Whether the sender of a request, which has been going on for a while, may still do this. */
    public boolean isStillGranted(String sink, Verb verb, HttpServletRequest request) {
        try {
            return senders.of(request).may(sink, verb);
        } catch (ProblemException e) {
            return false;
        } catch (DataAccessException e) {
            return true; // nothing is read of a database that does not answer
        }
    }

    /**
     * Returns the sender of a request that has been going on for a while, as they are known now; empty where they are
     * not any more.
     */
    public Optional<Identity> stillKnown(HttpServletRequest request) {
        try {
            return Optional.of(senders.of(request));
        } catch (ProblemException e) {
            return Optional.empty();
        } catch (DataAccessException e) {
            return Optional.of(Identity.NOBODY); // nothing is shown until it is known who it is
        }
    }

    /** Requires one of the verbs for a sink; says that it is unknown to whoever may do nothing with it. */
    public void require(String sink, List<Verb> anyOf) {
        Identity sender = Work.currentSender();
        if (!sender.may(sink, anyOf)) {
            throw refusal(sender, sink, anyOf).exception();
        }
    }

    /** Does the same for a single verb. */
    public void require(String sink, Verb verb) {
        Identity sender = Work.currentSender();
        if (!sender.may(sink, verb)) {
            throw refusal(sender, sink, List.of(verb)).exception();
        }
    }

    /** Requires one of the verbs for all sinks. */
    void requireEverywhere(Identity sender, List<Verb> anyOf) {
        if (!sender.mayEverywhere(anyOf)) {
            throw forbidden(sender, anyOf, "all sinks (\"*\")").exception();
        }
    }

    /** Does the same once more, after the body of a request has taken its time: a key may have been revoked since. */
    public void requireStill(String sink, Verb verb, HttpServletRequest request) {
        Identity sender = senders.of(request);
        if (!sender.may(sink, verb)) {
            throw refusal(sender, sink, List.of(verb)).exception();
        }
    }

    /** Returns the problem of a sink that does not exist, or that the sender may not know of. */
    public Problem unknown(String sink) {
        List<String> known = Work.currentSender()
                .seen(Stream.concat(
                                catalog.all().stream().map(SinkDefinition::id),
                                catalog.unusable().stream().map(UnusableSink::id))
                        .toList());
        return Problem.of(
                        ProblemType.UNKNOWN_SINK,
                        "there is no sink '" + sink + "'" + NearestNames.hint(sink, known)
                                + "; GET /sinks lists them all")
                .with("sink", sink)
                .with("nearest", NearestNames.of(sink, known));
    }

    private Problem refusal(Identity sender, String sink, List<Verb> anyOf) {
        return sender.sees(sink) ? forbidden(sender, anyOf, "'" + sink + "'").with("sink", sink) : unknown(sink);
    }

    private static Problem forbidden(Identity sender, List<Verb> anyOf, String of) {
        String needed = anyOf.stream().map(Verb::label).collect(Collectors.joining(" or "));
        return Problem.of(
                        ProblemType.FORBIDDEN,
                        sender.name() + " has no grant of " + needed + " for " + of
                                + ", which this request needs; nothing was done. Whoever has 'admin' can make a key that"
                                + " has it: POST /keys")
                .with("needs", anyOf.stream().map(Verb::label).toList());
    }
}
