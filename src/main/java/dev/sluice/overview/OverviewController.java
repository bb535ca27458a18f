package dev.sluice.overview;

import dev.sluice.access.Needs;
import dev.sluice.call.Api;
import dev.sluice.call.Facts;
import dev.sluice.call.Reply;
import dev.sluice.call.Url;
import dev.sluice.console.Lately;
import dev.sluice.console.Page;
import dev.sluice.console.Pages;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The first page: what needs somebody before anything else, then how the service is. */
@RestController
class OverviewController {

    private static final int SHOWN = 20;

    private final Api api;
    private final Pages pages;

    OverviewController(Api api, Pages pages) {
        this.api = api;
        this.pages = pages;
    }

    @Needs({})
    @GetMapping("/")
    ResponseEntity<Void> root() {
        return ResponseEntity.status(HttpStatus.FOUND)
                .location(URI.create("/console"))
                .build();
    }

    @Needs({})
    @GetMapping("/console")
    ResponseEntity<String> overview() {
        Page page = new Page("overview", "Overview");
        Reply sinks = api.get("/sinks");
        page.reads(sinks);
        if (!sinks.isOk()) {
            return pages.refused(page, sinks);
        }
        List<Facts> all = sinks.facts().list("sinks");
        List<Need> needs = new NeedList(api, page, Instant.now()).of(all);
        Reply health = api.get("/actuator/health");
        Reply info = api.get("/actuator/info");
        Reply problems = api.get("/problems/recent?limit=0");
        List<String> shown =
                all.stream().limit(SHOWN).map(sink -> sink.text("id")).toList();
        Reply history = api.get(Url.of("/history")
                .with("sinks", String.join(",", shown))
                .with("points", Integer.toString(Lately.POINTS_OF_A_LINE))
                .toString());
        page.reads(health).reads(info).reads(problems).reads(history);
        return pages.show(
                page,
                "overview",
                Map.of(
                        "watch",
                        Url.of("/console/events")
                                .with("sinks", String.join(",", shown))
                                .toString(),
                        "lately",
                        Lately.of(history.facts()),
                        "needs",
                        needs,
                        "sinks",
                        all,
                        "health",
                        health.facts(),
                        "info",
                        info.isOk() ? info.facts() : Facts.NONE,
                        "problems",
                        problems.isOk() ? problems.facts() : Facts.NONE));
    }
}
