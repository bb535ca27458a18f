package dev.sluice.security;

import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
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

    private final SecurityProperties properties;

    HostFilter(SecurityProperties properties) {
        this.properties = properties;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String host = host(request);
        if (!properties.allows(host)) {
            refuse(response, "Host", host);
            return;
        }
        String origin = request.getHeader("Origin");
        if (origin != null && !properties.allows(hostOf(origin))) {
            refuse(response, "Origin", origin);
            return;
        }
        chain.doFilter(request, response);
    }

    private static void refuse(HttpServletResponse response, String header, String value) throws IOException {
        Problem.of(
                        ProblemType.UNKNOWN_HOST,
                        "the " + header + " header names '" + value + "', which this service does not answer to;"
                                + " if it should, add the name to sluice.security.allowed-hosts")
                .writeTo(response);
    }

    /* HTTP/2 has a pseudo-header in the place of Host, which the container gives as the server's name only. */
    private static String host(HttpServletRequest request) {
        return request.getProtocol().equals("HTTP/2.0")
                ? request.getServerName()
                : withoutPort(request.getHeader("Host"));
    }

    private static String withoutPort(@Nullable String host) {
        if (host == null) {
            return "";
        }
        int colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    }

    private static String hostOf(String origin) {
        try {
            String host = URI.create(origin).getHost();
            return host == null ? "" : host;
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
