package dev.sluice.security;

import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import dev.sluice.problem.RecentProblems;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses requests that are addressed to a name the service does not go by, or that a page of another origin sends:
 * what keeps web pages from writing through a browser on this machine (DNS rebinding, cross-site requests).
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
@EnableConfigurationProperties(SecurityProperties.class)
class HostFilter extends OncePerRequestFilter {

    private static final String FETCH_SITE = "Sec-Fetch-Site";
    /* A page of this service, or somebody who has typed the address. */
    private static final Set<String> OWN_SITE = Set.of("same-origin", "none");

    private final Set<String> allowed;
    private final String example;
    private final boolean any;
    private final Probes probes;
    private final RecentProblems recent;

    HostFilter(SecurityProperties properties, Probes probes, RecentProblems recent) {
        this.any = properties.allowedHosts().contains(SecurityProperties.ANY);
        this.allowed =
                properties.allowedHosts().stream().map(HostNames::normal).collect(Collectors.toUnmodifiableSet());
        this.example = properties.allowedHosts().iterator().next();
        this.probes = probes;
        this.recent = recent;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String host = host(request);
        String origin = request.getHeader("Origin");
        if (!allows(host)) {
            if (probes.asks(request)) {
                probes.answer(request, response, chain);
            } else {
                refuse(response, unknownHost(host.isEmpty() ? missing() : unknown("Host", host)));
            }
        } else if (origin != null && !allows(hostOf(origin))) {
            refuse(response, unknownHost(unknown("Origin", origin)));
        } else if (isOfAnotherSite(request)) {
            refuse(
                    response,
                    Problem.of(
                            ProblemType.FORBIDDEN,
                            "a page of another origin has sent this through a browser (Sec-Fetch-Site: "
                                    + request.getHeader(FETCH_SITE)
                                    + "), which may only look; nothing was done. Send it from a page of this service, or"
                                    + " from no page at all"));
        } else {
            chain.doFilter(request, response);
        }
    }

    private boolean allows(String host) {
        // Nearly every client spells it in the normal way, and this runs for each request.
        return any || allowed.contains(host) || (!host.isEmpty() && allowed.contains(HostNames.normal(host)));
    }

    /* Another port of this machine is another origin with a name that is allowed. Whoever is no browser says nothing. */
    private static boolean isOfAnotherSite(HttpServletRequest request) {
        String method = request.getMethod();
        if (method.equals("GET") || method.equals("HEAD") || method.equals("OPTIONS")) {
            return false;
        }
        String site = request.getHeader(FETCH_SITE);
        return site != null && !OWN_SITE.contains(site);
    }

    private static Problem unknownHost(String detail) {
        return Problem.of(ProblemType.UNKNOWN_HOST, detail);
    }

    private void refuse(HttpServletResponse response, Problem problem) throws IOException {
        problem.writeTo(response);
        recent.add(problem);
    }

    private static String unknown(String header, String value) {
        return "the " + header + " header names '" + value + "', which this service does not answer to;"
                + " if it should, add the name to sluice.security.allowed-hosts";
    }

    private String missing() {
        return "the request has no Host header, or an empty one; name a host of sluice.security.allowed-hosts, like"
                + " Host: " + example;
    }

    /* HTTP/2 has a pseudo-header in the place of Host, which the container gives as the server's name only. */
    private static String host(HttpServletRequest request) {
        if (request.getProtocol().equals("HTTP/2.0")) {
            return request.getServerName();
        }
        String host = request.getHeader("Host");
        return host == null ? "" : HostNames.withoutPort(host);
    }

    /* A URI keeps what it does not take for a host, as one with an underscore, in its authority. */
    private static String hostOf(String origin) {
        try {
            URI uri = URI.create(origin);
            return uri.getScheme() == null ? "" : authority(uri.getRawAuthority());
        } catch (IllegalArgumentException e) {
            int authority = origin.indexOf("://[");
            return authority < 0 ? "" : authority(origin.substring(authority + "://".length()));
        }
    }

    private static String authority(@Nullable String authority) {
        String host = authority == null ? "" : HostNames.withoutPort(authority);
        return HostNames.possible(host) ? host : "";
    }
}
