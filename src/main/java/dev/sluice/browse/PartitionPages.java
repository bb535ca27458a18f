package dev.sluice.browse;

import dev.sluice.access.Needs;
import dev.sluice.call.Api;
import dev.sluice.call.Facts;
import dev.sluice.call.Reply;
import dev.sluice.call.Url;
import dev.sluice.console.Page;
import dev.sluice.console.Pages;
import java.util.Map;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** One partition: where it stands, who holds it, whether it adds up, what was committed last. */
@RestController
class PartitionPages {

    /* As far back as receipts are looked for: as many records as one receipt has at most. */
    private static final long LATELY = 10_000;

    private final Api api;
    private final Pages pages;

    PartitionPages(Api api, Pages pages) {
        this.api = api;
        this.pages = pages;
    }

    @Needs({})
    @GetMapping("/console/sinks/{sink}/partitions/{partition}")
    ResponseEntity<String> partition(@PathVariable("sink") String sink, @PathVariable("partition") String partition) {
        Page page = new Page(SinkPages.SECTION, partition)
                .below("Sinks", "/console/sinks")
                .below(sink, Url.of("/console/sinks/{}", sink).toString());
        String path = Url.of("/sinks/{}/partitions/{}", sink, partition).toString();
        Reply answer = api.get(path);
        page.reads(answer);
        if (!answer.isOk()) {
            return pages.refused(page, answer);
        }
        Facts snapshot = answer.facts().at("snapshot");
        Reply of = api.get(Url.of("/sinks/{}", sink).toString());
        page.reads(of);
        // Those of a sink that is made of others are its targets'; workers have none.
        boolean settles = of.facts().size("targets") == 0 && !snapshot.isEmpty();
        Facts balance = Facts.NONE;
        Facts receipts = Facts.NONE;
        if (!snapshot.isEmpty()) {
            Reply counted = api.get(path + "/balance");
            page.reads(counted);
            balance = counted.facts();
            long from = Math.max(0, snapshot.number("nextOffset") - LATELY);
            Reply ledger = api.get(
                    Url.of(path + "/receipts").with("from", Long.toString(from)).toString());
            page.reads(ledger);
            receipts = ledger.facts();
        }
        Facts letters = settles ? letters(page, sink, partition) : Facts.NONE;
        return pages.show(
                page,
                "partition",
                Map.of(
                        "watch",
                        SinkPages.watch(sink, partition),
                        "sink",
                        sink,
                        "partition",
                        answer.facts(),
                        "balance",
                        balance,
                        "strip",
                        Strip.of(receipts.list("receipts")),
                        "letters",
                        letters));
    }

    private Facts letters(Page page, String sink, String partition) {
        Reply letters = api.get(Url.of("/sinks/{}/dead-letters/groups", sink)
                .with("partition", partition)
                .toString());
        page.reads(letters);
        return letters.isOk() ? letters.facts() : Facts.NONE;
    }
}
