package dev.sluice.browse;

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
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What is accepted and on its way: buffers with what waits in them, and HTTP targets with what they answer. */
@RestController
class DeliveryPages {

    private static final String A_PAGE = "50";

    private final Api api;
    private final Pages pages;

    DeliveryPages(Api api, Pages pages) {
        this.api = api;
        this.pages = pages;
    }

    @Needs({})
    @GetMapping("/console/deliveries")
    ResponseEntity<String> deliveries(@RequestParam Map<String, String> asked) {
        Filters filters = Filters.of("/console/deliveries", List.of("from"), asked);
        Page page = new Page("deliveries", "Deliveries");
        Reply buffers =
                api.get(filters.on(Url.of("/sinks").with("type", "batching").with("limit", A_PAGE))
                        .toString());
        page.reads(buffers);
        if (!buffers.isOk()) {
            return pages.refused(page, buffers);
        }
        Reply targets = api.get(
                Url.of("/sinks").with("type", "http").with("limit", A_PAGE).toString());
        page.reads(targets);
        return pages.show(
                page, "deliveries", Map.of("buffers", buffers.facts(), "targets", targets.facts(), "filters", filters));
    }
}
