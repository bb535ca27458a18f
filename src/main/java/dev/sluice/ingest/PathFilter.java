package dev.sluice.ingest;

import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import dev.sluice.problem.RecentProblems;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Refuses parameters within the path ({@code /sinks/events;dryRun=true/…}), which would be dropped without a word. */
@Component
class PathFilter extends OncePerRequestFilter {

    private final RecentProblems recent;

    PathFilter(RecentProblems recent) {
        this.recent = recent;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (request.getRequestURI().indexOf(';') >= 0) {
            Problem problem = Problem.of(
                    ProblemType.MALFORMED_REQUEST,
                    "the path has parameters behind a ';', which mean nothing here; put them behind a '?'");
            problem.writeTo(response);
            recent.add(problem);
            return;
        }
        chain.doFilter(request, response);
    }
}
