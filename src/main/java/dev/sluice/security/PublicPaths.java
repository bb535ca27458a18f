package dev.sluice.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.stereotype.Component;

/** Which paths are outside of the rules for routes: what anybody may ask, and actuator. */
@Component
class PublicPaths {

    private static final String API_DESCRIPTION = "/openapi.yaml";
    private static final String CONSOLE = "/console";
    private static final String ASSETS = CONSOLE + "/assets/";
    /* What a problem's type leads to, which is the same for everybody; what was refused is another thing. */
    private static final String PROBLEMS = "/problems/";
    private static final String RECENT_PROBLEMS = PROBLEMS + "recent";

    /** Where people say who they are. */
    static final String SIGN_IN = CONSOLE + "/sign-in";

    private final String actuator;
    private final String health;
    private final Set<String> open;

    PublicPaths(WebEndpointProperties endpoints) {
        String base = endpoints.getBasePath();
        if (base.isEmpty() || base.equals("/")) {
            throw new IllegalStateException("management.endpoints.web.base-path must be a path of its own, like"
                    + " /actuator: what is below it is guarded in another way than the rest");
        }
        this.actuator = base + "/";
        this.health = base + "/health";
        this.open = Set.of(health, health + "/liveness", health + "/readiness", health + "/alert", API_DESCRIPTION);
    }

    /** Whether anybody may ask this. Details of the health are another thing. */
    boolean isPublic(HttpServletRequest request) {
        String path = path(request);
        return path.equals(SIGN_IN)
                || (isRead(request)
                        && (open.contains(request.getRequestURI()
                                        .substring(request.getContextPath().length()))
                                || path.equals("/")
                                || path.startsWith(ASSETS)
                                || (path.startsWith(PROBLEMS) && !path.equals(RECENT_PROBLEMS))));
    }

    /** Whether this is a page for people. */
    boolean isConsole(HttpServletRequest request) {
        String path = path(request);
        return path.equals(CONSOLE) || path.startsWith(CONSOLE + "/");
    }

    /** Whether it keeps a page up to date for as long as that is shown: there is a bound of its own for these. */
    boolean isWatching(HttpServletRequest request) {
        return isRead(request) && path(request).equals(CONSOLE + "/events");
    }

    boolean isRead(HttpServletRequest request) {
        return request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
    }

    /** Whether it asks for meters. What else there may be of actuator can show secrets, such as a dump of the heap. */
    boolean asksForMeters(HttpServletRequest request) {
        String path = path(request);
        return isRead(request)
                && (path.equals(actuator + "prometheus")
                        || path.equals(actuator + "metrics")
                        || path.startsWith(actuator + "metrics/"));
    }

    boolean isActuator(HttpServletRequest request) {
        return path(request).startsWith(actuator);
    }

    /** Whether an endpoint of actuator shows or changes something of all sinks. The health looks at the sender itself. */
    boolean isGuarded(HttpServletRequest request) {
        String path = path(request);
        boolean looks = isRead(request)
                && (path.equals(actuator + "info") || path.equals(health) || path.startsWith(health + "/"));
        return !looks;
    }

    /* As the container has decoded and normalized it, without what comes before the service's own paths. */
    private static String path(HttpServletRequest request) {
        return request.getPathInfo() == null ? request.getServletPath() : request.getPathInfo();
    }
}
