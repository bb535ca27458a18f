package dev.sluice.security;

import dev.sluice.access.Identity;
import dev.sluice.access.Verb;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemException;
import dev.sluice.problem.ProblemType;
import dev.sluice.problem.RecentProblems;
import dev.sluice.request.Work;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Finds out who sends a request, before anything else of it is looked at but its host. What they may do is decided where
 * it is known what they want: by {@link Rules}, and for actuator here.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
class AccessFilter extends OncePerRequestFilter {

    private final Senders senders;
    private final Access access;
    private final PublicPaths paths;
    private final RecentProblems recent;

    AccessFilter(Senders senders, Access access, PublicPaths paths, RecentProblems recent, StartRule startRule) {
        this.senders = senders;
        this.access = access;
        this.paths = paths;
        this.recent = recent;
        startRule.check(senders.mustSay());
    }

    /* By its principal, Boot knows whether to show details of the health. */
    private static final class Seeing extends HttpServletRequestWrapper {

        private final Identity sender;

        Seeing(HttpServletRequest request, Identity sender) {
            super(request);
            this.sender = sender;
        }

        @Override
        public Principal getUserPrincipal() {
            return sender::name;
        }
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Problem refusal = refusal(request, response);
        if (refusal != null) {
            refusal.writeTo(response);
            recent.add(refusal);
            return;
        }
        Identity sender = Work.currentSender();
        boolean seeing = paths.isActuator(request) && sender.mayEverywhere(List.of(Verb.READ));
        chain.doFilter(seeing ? new Seeing(request, sender) : request, response);
    }

    private @Nullable Problem refusal(HttpServletRequest request, HttpServletResponse response) {
        try {
            Work.isFrom(senders.of(request));
            if (paths.isGuardedActuator(request)) {
                access.requireEverywhere(List.of(Verb.READ));
            }
            return null;
        } catch (ProblemException e) {
            if (e.problem().type() == ProblemType.UNAUTHENTICATED) {
                response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"sluice\"");
            }
            return e.problem();
        } catch (DataAccessException e) {
            logger.debug("Who sends a request cannot be found out", e);
            return Problem.of(
                            ProblemType.STORAGE_UNAVAILABLE,
                            "the database does not say which keys there are; nothing was done. Send the same request"
                                    + " again")
                    .retryAfter(2);
        }
    }
}
