package dev.sluice.security;

import dev.sluice.access.Identity;
import dev.sluice.access.Verb;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemException;
import dev.sluice.problem.ProblemType;
import dev.sluice.problem.RecentProblems;
import dev.sluice.quota.Allowances;
import dev.sluice.quota.Pass;
import dev.sluice.request.Work;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.List;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.UriUtils;

/**
 * Finds out who sends a request, before anything else of it is looked at but its host. What they may do is decided where
 * it is known what they want: by {@link Rules}, and for actuator here.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
class AccessFilter extends OncePerRequestFilter {

    private static final List<Verb> READ = List.of(Verb.READ);
    private static final List<Verb> ADMIN = List.of(Verb.ADMIN);

    private final Senders senders;
    private final Access access;
    private final PublicPaths paths;
    private final RecentProblems recent;
    private final Allowances allowances;

    AccessFilter(
            Senders senders,
            Access access,
            PublicPaths paths,
            RecentProblems recent,
            Allowances allowances,
            StartRule startRule) {
        this.allowances = allowances;
        this.senders = senders;
        this.access = access;
        this.paths = paths;
        this.recent = recent;
        startRule.check(senders.mustSay());
    }

    /* By its principal, Boot knows whether to show details of the health, and which answers it has kept are the same. */
    private record Seeing(String getName) implements Principal {}

    private static final class SeeingRequest extends HttpServletRequestWrapper {

        private final Principal sender;

        SeeingRequest(HttpServletRequest request, Identity sender) {
            super(request);
            this.sender = new Seeing(sender.name());
        }

        @Override
        public Principal getUserPrincipal() {
            return sender;
        }
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        boolean actuator = paths.isActuator(request);
        Identity sender;
        try {
            sender = senders.of(request);
            Work.isFrom(sender);
            if (actuator && paths.isGuarded(request)) {
                access.requireEverywhere(sender, paths.asksForMeters(request) ? READ : ADMIN);
            }
        } catch (ProblemException e) {
            if (e.problem().type() == ProblemType.UNAUTHENTICATED && isPage(request)) {
                signIn(request, response);
            } else {
                refuse(e.problem(), response);
            }
            return;
        } catch (DataAccessException e) {
            logger.debug("Who sends a request cannot be found out", e);
            refuse(
                    Problem.of(
                                    ProblemType.STORAGE_UNAVAILABLE,
                                    "the database does not say which keys there are; nothing was done. Send the same"
                                            + " request again")
                            .retryAfter(2),
                    response);
            return;
        }
        boolean seeing = actuator && sender.mayEverywhere(READ);
        HttpServletRequest passedOn = seeing ? new SeeingRequest(request, sender) : request;
        if (sender.quotas().bindRequests() && !paths.isWatching(request)) {
            goOnWithinQuotas(sender, passedOn, response, chain);
        } else {
            chain.doFilter(passedOn, response);
        }
    }

    /* Here, before batches go another way than the rest. */
    private void goOnWithinQuotas(
            Identity sender, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try (Pass pass = allowances.enter(sender, request)) {
            Problem refusal = pass.refusal();
            if (refusal == null) {
                chain.doFilter(pass.counted(request), response);
            } else {
                refuse(refusal, response);
            }
        }
    }

    /* A person who looks at a page, and not a program, which says by a header who it is. */
    private boolean isPage(HttpServletRequest request) {
        String accepted = request.getHeader(HttpHeaders.ACCEPT);
        return paths.isConsole(request)
                && request.getHeader(HttpHeaders.AUTHORIZATION) == null
                && accepted != null
                && accepted.contains("text/html");
    }

    private void signIn(HttpServletRequest request, HttpServletResponse response) {
        String query = request.getQueryString();
        String wanted = paths.isRead(request)
                ? "?then="
                        + UriUtils.encode(
                                request.getRequestURI() + (query == null ? "" : "?" + query), StandardCharsets.UTF_8)
                : "";
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.setHeader(HttpHeaders.LOCATION, request.getContextPath() + PublicPaths.SIGN_IN + wanted);
        response.setStatus(HttpServletResponse.SC_SEE_OTHER);
    }

    private void refuse(Problem problem, HttpServletResponse response) throws IOException {
        if (problem.type() == ProblemType.UNAUTHENTICATED) {
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"sluice\"");
        }
        problem.writeTo(response);
        recent.add(problem);
    }
}
