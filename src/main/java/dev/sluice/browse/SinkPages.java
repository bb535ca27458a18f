package dev.sluice.browse;

import dev.sluice.access.Needs;
import dev.sluice.call.Api;
import dev.sluice.call.Facts;
import dev.sluice.call.Reply;
import dev.sluice.call.Url;
import dev.sluice.console.Filters;
import dev.sluice.console.Lately;
import dev.sluice.console.Page;
import dev.sluice.console.Pages;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The sinks, fifty a page, and one of them with its partitions. */
@RestController
class SinkPages {

    static final String SECTION = "sinks";

    private static final String A_PAGE = "50";
    private static final List<String> OF_SINKS =
            List.of("from", "prefix", "type", "failing", "paused", "dead-letters", "lagging");
    private static final List<String> OF_PARTITIONS = List.of(
            "from", "prefix", "used", "opened", "lagging", "failing", "paused", "dead-letters", "idle-longer-than");

    private final Api api;
    private final Pages pages;
    private final Chains chains;

    SinkPages(Api api, Pages pages, Chains chains) {
        this.api = api;
        this.pages = pages;
        this.chains = chains;
    }

    @Needs({})
    @GetMapping("/console/sinks")
    ResponseEntity<String> sinks(@RequestParam Map<String, String> asked) {
        Filters filters = Filters.of("/console/sinks", OF_SINKS, asked);
        Page page = new Page(SECTION, "Sinks");
        Reply sinks = api.get(filters.on(Url.of("/sinks").with("limit", A_PAGE)).toString());
        page.reads(sinks);
        Reply types = api.get("/sink-types");
        page.reads(types);
        String shown = names(sinks.facts().list("sinks"), "id");
        Reply history = api.get(Url.of("/history")
                .with("sinks", shown)
                .with("points", Integer.toString(Lately.POINTS_OF_A_LINE))
                .toString());
        page.reads(history);
        return pages.show(
                page.status(sinks.status()),
                "sinks",
                Map.of(
                        "answer",
                        sinks.facts(),
                        "types",
                        types.facts(),
                        "filters",
                        filters,
                        "lately",
                        Lately.of(history.facts()),
                        "watch",
                        Url.of("/console/events").with("sinks", shown).toString()));
    }

    @Needs({})
    @GetMapping("/console/sinks/{sink}")
    ResponseEntity<String> sink(@PathVariable("sink") String id, @RequestParam Map<String, String> asked) {
        Filters filters = Filters.of(Url.of("/console/sinks/{}", id).toString(), OF_PARTITIONS, asked);
        Page page = new Page(SECTION, id).below("Sinks", "/console/sinks");
        Reply sink = api.get(Url.of("/sinks/{}", id).toString());
        page.reads(sink);
        if (!sink.isOk()) {
            return pages.refused(page, sink);
        }
        Reply history = api.get(Url.of("/sinks/{}/history", id).toString());
        page.reads(history);
        Facts partitions = Facts.NONE;
        if (!sink.facts().has("problem")) {
            Reply reply = api.get(filters.on(Url.of("/sinks/{}/partitions", id).with("limit", A_PAGE))
                    .toString());
            page.reads(reply);
            partitions = reply.facts();
        }
        return pages.show(
                page,
                "sink",
                Map.of(
                        "lately",
                        Lately.of(history.facts()),
                        "watch",
                        watch(id, names(partitions.list("partitions"), "partition")),
                        "sink",
                        sink.facts(),
                        "partitions",
                        partitions,
                        "chain",
                        chains.of(page, sink.facts()),
                        "filters",
                        filters));
    }

    private static String names(List<Facts> rows, String member) {
        return rows.stream().map(row -> row.text(member)).collect(Collectors.joining(","));
    }

    /** Returns where a page learns of what changes in a sink and in partitions of it, which may be none. */
    static String watch(String sink, String partitions) {
        Url url = Url.of("/console/events").with("sinks", sink);
        return (partitions.isEmpty() ? url : url.with("of", sink).with("partitions", partitions)).toString();
    }
}
