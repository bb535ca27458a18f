package dev.sluice.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** Which paths are outside of the rules for routes: what anybody may ask, and actuator. */
@Component
class PublicPaths {

    private static final String API_DESCRIPTION = "/openapi.yaml";

    private final String actuator;
    private final String health;
    private final Set<String> open;

    PublicPaths(@Value("${management.endpoints.web.base-path:/actuator}") String base) {
        this.actuator = base + "/";
        this.health = base + "/health";
        this.open = Set.of(health, health + "/liveness", health + "/readiness", health + "/alert", API_DESCRIPTION);
    }

    /** Whether anybody may ask this. Details of the health are another thing. */
    boolean isPublic(HttpServletRequest request) {
        return (request.getMethod().equals("GET") || request.getMethod().equals("HEAD"))
                && open.contains(request.getRequestURI());
    }

    boolean isActuator(HttpServletRequest request) {
        return request.getServletPath().startsWith(actuator);
    }

    /** Whether this shows something of all sinks. The health shows it to nobody who may not see it. */
    boolean isGuardedActuator(HttpServletRequest request) {
        String path = request.getServletPath();
        return path.startsWith(actuator)
                && !path.equals(actuator + "info")
                && !path.equals(health)
                && !path.startsWith(health + "/");
    }
}
