package dev.sluice.console;

import dev.sluice.asset.Assets;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import dev.sluice.request.Work;
import dev.sluice.session.BrowserSessions;
import dev.sluice.session.ConsoleProperties;
import dev.sluice.session.Session;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** What holds for every page: whether there are any, what a browser may do with them, and where forms come from. */
@Component
class ConsoleRules implements HandlerInterceptor, WebMvcConfigurer {

    private static final String POLICY =
            "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self';" + " frame-ancestors 'none'";
    /* Told by browsers; a program that sends a form by hand does not say so. */
    private static final Set<String> OWN_SITES = Set.of("same-origin", "none");

    private final ConsoleProperties properties;
    private final BrowserSessions sessions;

    ConsoleRules(ConsoleProperties properties, BrowserSessions sessions) {
        this.properties = properties;
        this.sessions = sessions;
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(this)
                .addPathPatterns("/", "/console", "/console/**", "/problems/*")
                .excludePathPatterns("/problems/recent");
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (!properties.enabled()) {
            throw Problem.of(ProblemType.NOT_FOUND, "the console is switched off (sluice.console.enabled)")
                    .exception();
        }
        response.setHeader("Content-Security-Policy", POLICY);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("X-Frame-Options", "DENY");
        response.setHeader("Referrer-Policy", "same-origin");
        response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        Optional<Session> session = sessions.of(request);
        if (request.getMethod().equals("POST")) {
            check(request.getHeader("Sec-Fetch-Site"), request.getParameter("form-token"), session);
        }
        // What everybody may keep must not carry a session, and what a page does by itself keeps nobody signed in.
        if (!request.getRequestURI().startsWith(request.getContextPath() + Assets.PATH)
                && isAskedForByAPerson(request)) {
            session.flatMap(found -> sessions.renewed(found, request))
                    .ifPresent(cookie -> response.addHeader(HttpHeaders.SET_COOKIE, cookie));
        }
        return true;
    }

    /* By a link or a form, or by typing in one, which htmx sends. */
    private static boolean isAskedForByAPerson(HttpServletRequest request) {
        String accepted = request.getHeader(HttpHeaders.ACCEPT);
        return (accepted != null && accepted.contains("text/html")) || request.getHeader("HX-Request") != null;
    }

    private void check(@Nullable String site, @Nullable String token, Optional<Session> session) {
        boolean own = (site == null || OWN_SITES.contains(site))
                && token != null
                && sessions.isFormToken(token, session, Work.currentSender().name());
        if (!own) {
            throw Problem.of(
                            ProblemType.FORBIDDEN,
                            "the form was not sent from a page of this console, or the session that it belongs to has"
                                    + " ended; nothing was done. Load the page again and send it from there")
                    .exception();
        }
    }
}
