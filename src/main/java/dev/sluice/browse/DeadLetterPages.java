package dev.sluice.browse;

import dev.sluice.access.Needs;
import dev.sluice.call.Api;
import dev.sluice.call.Facts;
import dev.sluice.call.Reply;
import dev.sluice.call.Url;
import dev.sluice.console.Filters;
import dev.sluice.console.Page;
import dev.sluice.console.Pages;
import dev.sluice.console.Say;
import java.util.List;
import java.util.Map;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Dead letters: in groups, as a list, and one with its record. */
@RestController
class DeadLetterPages {

    private static final List<String> NAMES = List.of("from", "state", "partition", "code", "field");
    private static final String A_PAGE = "50";

    private final Api api;
    private final Pages pages;

    DeadLetterPages(Api api, Pages pages) {
        this.api = api;
        this.pages = pages;
    }

    @Needs({})
    @GetMapping("/console/sinks/{sink}/dead-letters")
    ResponseEntity<String> letters(@PathVariable("sink") String sink, @RequestParam Map<String, String> asked) {
        String path = Url.of("/console/sinks/{}/dead-letters", sink).toString();
        Filters filters = Filters.of(path, NAMES, asked);
        Page page = new Page(SinkPages.SECTION, "Dead letters")
                .below("Sinks", "/console/sinks")
                .below(sink, Url.of("/console/sinks/{}", sink).toString());
        Reply groups = api.get(Filters.of(path, NAMES.subList(1, NAMES.size()), asked)
                .on(Url.of("/sinks/{}/dead-letters/groups", sink))
                .toString());
        page.reads(groups);
        if (!groups.isOk()) {
            return pages.refused(page, groups);
        }
        Reply list = api.get(filters.on(Url.of("/sinks/{}/dead-letters", sink).with("limit", A_PAGE))
                .toString());
        page.reads(list);
        Reply tasks = api.get(Url.of("/sinks/{}/tasks", sink).toString());
        page.reads(tasks);
        return pages.show(
                page,
                "letters",
                Map.of(
                        "sink",
                        sink,
                        "groups",
                        groups.facts(),
                        "list",
                        list.facts(),
                        "tasks",
                        tasks.isOk() ? tasks.facts().list("tasks") : List.<Facts>of(),
                        "filters",
                        filters));
    }

    @Needs({})
    @GetMapping("/console/sinks/{sink}/partitions/{partition}/dead-letters/{offset}")
    ResponseEntity<String> letter(
            @PathVariable("sink") String sink,
            @PathVariable("partition") String partition,
            @PathVariable("offset") String offset) {
        Page page = new Page(SinkPages.SECTION, "Dead letter " + partition + "/" + offset)
                .below("Sinks", "/console/sinks")
                .below(sink, Url.of("/console/sinks/{}", sink).toString())
                .below(
                        "Dead letters",
                        Url.of("/console/sinks/{}/dead-letters", sink).toString());
        Reply letter = api.get(Url.of("/sinks/{}/partitions/{}/dead-letters/{}", sink, partition, offset)
                .toString());
        page.reads(letter);
        if (!letter.isOk()) {
            return pages.refused(page, letter);
        }
        String record = letter.raw("record").orElse("");
        String edited = letter.raw("edited").orElse("");
        return pages.show(
                page,
                "letter",
                Map.of(
                        "letter",
                        letter.facts(),
                        "record",
                        record,
                        "edited",
                        edited,
                        "diff",
                        edited.isEmpty() || Say.isLarge(record) || Say.isLarge(edited)
                                ? List.<DiffLine>of()
                                : Diff.of(record, edited)));
    }
}
