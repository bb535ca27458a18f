package dev.sluice.overview;

import dev.sluice.access.Needs;
import dev.sluice.call.Api;
import dev.sluice.call.Reply;
import dev.sluice.call.Url;
import dev.sluice.console.Filters;
import dev.sluice.console.Page;
import dev.sluice.console.Pages;
import java.util.List;
import java.util.Map;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What concerns the service as a whole: who has done what, whose keys there are, how it runs. */
@RestController
class ServiceController {

    private static final List<String> OF_AUDIT = List.of("after", "sink", "partition", "action", "since", "until");
    private static final String A_PAGE = "50";

    private final Api api;
    private final Pages pages;

    ServiceController(Api api, Pages pages) {
        this.api = api;
        this.pages = pages;
    }

    @Needs({})
    @GetMapping("/console/audit")
    ResponseEntity<String> audit(@RequestParam Map<String, String> asked) {
        Filters filters = Filters.of("/console/audit", OF_AUDIT, asked);
        Page page = new Page("audit", "Audit");
        Reply answer =
                api.get(filters.on(Url.of("/audit").with("limit", A_PAGE)).toString());
        page.reads(answer);
        return answer.isOk()
                ? pages.show(page, "audit", Map.of("answer", answer.facts(), "filters", filters))
                : pages.refused(page, answer);
    }

    @Needs({})
    @GetMapping("/console/keys")
    ResponseEntity<String> keys(@RequestParam Map<String, String> asked) {
        Filters filters = Filters.of("/console/keys", List.of("after"), asked);
        Page page = new Page("keys", "Keys");
        Reply answer = api.get(filters.on(Url.of("/keys").with("limit", A_PAGE)).toString());
        page.reads(answer);
        return answer.isOk()
                ? pages.show(page, "keys", Map.of("answer", answer.facts(), "filters", filters))
                : pages.refused(page, answer);
    }

    @Needs({})
    @GetMapping("/console/service")
    ResponseEntity<String> service() {
        Page page = new Page("service", "Service");
        Reply info = api.get("/actuator/info");
        Reply health = api.get("/actuator/health");
        page.reads(info).reads(health);
        return pages.show(page, "service", Map.of("info", info.facts(), "health", health.facts()));
    }

    @Needs({})
    @GetMapping("/console/settings")
    ResponseEntity<String> settings() {
        Page page = new Page("service", "Settings").below("Service", "/console/service");
        Reply answer = api.get("/settings");
        page.reads(answer);
        return answer.isOk()
                ? pages.show(page, "settings", Map.of("answer", answer.facts()))
                : pages.refused(page, answer);
    }

    @Needs({})
    @GetMapping("/console/sinks/{sink}/tasks")
    ResponseEntity<String> tasks(@PathVariable("sink") String sink) {
        Page page = new Page("sinks", "Tasks")
                .below("Sinks", "/console/sinks")
                .below(sink, Url.of("/console/sinks/{}", sink).toString());
        Reply answer = api.get(Url.of("/sinks/{}/tasks", sink).toString());
        page.reads(answer);
        return answer.isOk()
                ? pages.show(page, "tasks", Map.of("sink", sink, "answer", answer.facts()))
                : pages.refused(page, answer);
    }
}
