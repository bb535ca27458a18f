package dev.sluice.watch;

import dev.sluice.access.Needs;
import dev.sluice.catalog.SinkCatalog;
import dev.sluice.delivery.AcceptingSink;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import dev.sluice.security.Access;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Tells a page what has changed of what it shows: server-sent events, of what is in documented answers as well. */
@RestController
class WatchController {

    private final Access access;
    private final SinkCatalog catalog;
    private final Looks looks;
    private final WatchProperties properties;

    WatchController(Access access, SinkCatalog catalog, Looks looks, WatchProperties properties) {
        this.access = access;
        this.catalog = catalog;
        this.looks = looks;
        this.properties = properties;
    }

    /** Returns null once the stream has ended. */
    @Needs({})
    @GetMapping("/console/events")
    @Nullable
    ResponseEntity<?> events(HttpServletRequest request, HttpServletResponse response) {
        Watched watched = Watched.of(request.getQueryString(), this::isBuffer);
        watched.partitions().stream().findFirst().ifPresent(key -> access.require(key.sink(), Look.READING));
        Watcher watcher = new Watcher(watched);
        if (!looks.join(watcher)) {
            throw Problem.of(
                            ProblemType.BUSY,
                            "this process keeps sluice.watch.most=" + properties.most()
                                    + " tabs up to date already, or it shuts down; load the page again")
                    .retryAfter(15)
                    .exception();
        }
        try {
            new ChangeStream(access, request, response, properties.heartbeat()).send(watcher);
        } finally {
            looks.leave(watcher);
        }
        return null;
    }

    private boolean isBuffer(String sink) {
        return catalog.find(sink)
                .filter(found -> found.sink() instanceof AcceptingSink)
                .isPresent();
    }
}
