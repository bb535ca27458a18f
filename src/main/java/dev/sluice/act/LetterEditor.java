package dev.sluice.act;

import dev.sluice.access.Needs;
import dev.sluice.browse.Diff;
import dev.sluice.browse.DiffLine;
import dev.sluice.call.Api;
import dev.sluice.call.Call;
import dev.sluice.call.Facts;
import dev.sluice.call.Reply;
import dev.sluice.call.Url;
import dev.sluice.console.Page;
import dev.sluice.console.Pages;
import dev.sluice.console.Say;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Puts another record in the place of a dead letter: tried at its target first, with what is different. */
@RestController
class LetterEditor {

    private static final String PATH = "/console/acts/edit-letter";

    private final Api api;
    private final Pages pages;

    LetterEditor(Api api, Pages pages) {
        this.api = api;
        this.pages = pages;
    }

    @Needs({})
    @GetMapping(PATH)
    ResponseEntity<String> form(@RequestParam Map<String, String> given) {
        Page page = page(given);
        Reply letter = api.get(Scope.LETTER.path(given));
        page.reads(letter);
        if (!letter.isOk()) {
            return pages.refused(page, letter);
        }
        String record = letter.raw("edited").or(() -> letter.raw("record")).orElse("");
        String etag = letter.header(HttpHeaders.ETAG).orElse("");
        return show(page, given, letter, record, etag, Facts.NONE, Facts.NONE);
    }

    @Needs({})
    @PostMapping(PATH)
    ResponseEntity<String> put(@RequestParam Map<String, String> sent) {
        Page page = page(sent);
        boolean dryRun = "preview".equals(sent.get("step"));
        String record = sent.getOrDefault("record", "");
        String etag = sent.getOrDefault("etag", "");
        Reply reply = api.send(call(sent, record, etag, dryRun));
        if (reply.isOk() && !dryRun) {
            return done(sent, reply);
        }
        Reply letter = api.get(Scope.LETTER.path(sent));
        page.reads(letter);
        return reply.isOk()
                ? show(page, sent, letter, record, etag, reply.facts(), Facts.NONE)
                : show(page.status(reply.status()), sent, letter, record, etag, Facts.NONE, reply.facts());
    }

    private static Call call(Map<String, String> given, @Nullable String record, String etag, boolean dryRun) {
        return Call.of(
                        "PUT",
                        Url.of(Scope.LETTER.path(given))
                                .with("dryRun", dryRun ? "true" : "")
                                .toString(),
                        record)
                .with("If-Match", etag);
    }

    private static Page page(Map<String, String> given) {
        String sink = given.getOrDefault("sink", "");
        return new Page("sinks", "Edit " + Scope.LETTER.told(given))
                .below("Sinks", "/console/sinks")
                .below(sink, Url.of("/console/sinks/{}", sink).toString())
                .below("Dead letter", Scope.LETTER.page(given));
    }

    private ResponseEntity<String> show(
            Page page,
            Map<String, String> given,
            Reply letter,
            String record,
            String etag,
            Facts effect,
            Facts problem) {
        String before = letter.raw("record").orElse("");
        // What was typed is in the page again, however large it is.
        boolean large = Say.isLarge(record) && !given.containsKey("record");
        return pages.show(
                page,
                "edit-letter",
                Map.of(
                        "letter",
                        letter.facts(),
                        "record",
                        record,
                        "etag",
                        etag,
                        "diff",
                        Say.isLarge(before) || Say.isLarge(record) ? List.<DiffLine>of() : Diff.of(before, record),
                        "effect",
                        effect,
                        "problem",
                        problem,
                        "call",
                        large ? call(given, null, etag, false) : call(given, record, etag, false),
                        "large",
                        large,
                        "back",
                        Scope.LETTER.page(given)));
    }

    private static ResponseEntity<String> done(Map<String, String> given, Reply reply) {
        String location = Url.of(Scope.LETTER.page(given))
                .with("done", "edited")
                .with("audit", reply.header("Sluice-Audit-Id").orElse(""))
                .toString();
        return ResponseEntity.status(HttpStatus.SEE_OTHER)
                .location(URI.create(location))
                .build();
    }
}
