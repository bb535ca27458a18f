package dev.sluice.port;

import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Keeps pages to the console's own port, and everything else away from it. What a problem's type leads to is at both:
 * the type is part of answers of the API, and pages link to it.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class PortFilter extends OncePerRequestFilter {

    private static final String CONSOLE = "/console";
    private static final String PROBLEMS = "/problems/";

    private final ConsolePort port;

    PortFilter(ConsolePort port) {
        this.port = port;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return port.own().isEmpty();
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String path = path(request);
        boolean page = path.equals("/") || path.equals(CONSOLE) || path.startsWith(CONSOLE + "/");
        boolean both = path.startsWith(PROBLEMS) && !path.equals(PROBLEMS + "recent");
        if (both || page == port.isHere(request)) {
            chain.doFilter(request, response);
        } else {
            Problem.of(
                            ProblemType.NOT_FOUND,
                            page
                                    ? "the console is served at a port of its own (sluice.console.port)"
                                    : "this is the port of the console (sluice.console.port), which has no API; send"
                                            + " it to the port of the service (server.port)")
                    .writeTo(response);
        }
    }

    /* As the container has decoded and normalized it. */
    private static String path(HttpServletRequest request) {
        return request.getPathInfo() == null ? request.getServletPath() : request.getPathInfo();
    }
}
