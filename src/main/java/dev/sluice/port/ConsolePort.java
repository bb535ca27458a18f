package dev.sluice.port;

import dev.sluice.session.ConsoleProperties;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.apache.catalina.connector.Connector;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Where the console is served. Thread-safe. */
@Component
public class ConsolePort {

    private final ConsoleProperties properties;
    private volatile @Nullable Connector connector;
    private volatile int main;

    ConsolePort(ConsoleProperties properties) {
        this.properties = properties;
    }

    @EventListener
    void started(WebServerInitializedEvent event) {
        // Actuator may have a server of its own, whose context has a name.
        if (event.getApplicationContext().getServerNamespace() == null) {
            main = event.getWebServer().getPort();
        }
    }

    /** Returns the port that is wanted; empty where the console has none of its own. */
    Optional<Integer> wanted() {
        return properties.enabled() ? Optional.ofNullable(properties.port()) : Optional.empty();
    }

    void opened(Connector own) {
        connector = own;
    }

    /** Returns the console's own port, while it is open; empty where it has none. */
    public Optional<Integer> own() {
        Connector own = connector;
        return own == null ? Optional.empty() : Optional.of(own.getLocalPort());
    }

    /** Returns the port of the API, where a request came in at another one. */
    public Optional<Integer> elsewhere(HttpServletRequest request) {
        return isHere(request) ? Optional.of(main) : Optional.empty();
    }

    /** Whether a request came in at the console's own port. */
    boolean isHere(HttpServletRequest request) {
        return own().filter(port -> port == request.getLocalPort()).isPresent();
    }
}
