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
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Defines a sink, or defines it anew: as JSON, beside the settings that its type has, tried before it is put. */
@RestController
class DefinitionPages {

    private final Api api;
    private final Pages pages;

    DefinitionPages(Api api, Pages pages) {
        this.api = api;
        this.pages = pages;
    }

    /**
     * What is to be put.
     *
     * @param before the definition as it is, empty for a new sink
     */
    private record Draft(String sink, String before, String definition, String reason, String type) {}

    @Needs({})
    @GetMapping("/console/acts/define")
    ResponseEntity<String> begin(@RequestParam(name = "type", defaultValue = "table") String type) {
        Page page = page("");
        Reply described = api.get(Url.of("/sink-types/{}", type).toString());
        page.reads(described);
        String definition = described.isOk() ? Definitions.begun(described.facts()) : "{}";
        return show(page, new Draft("", "", definition, "", type), Facts.NONE, Facts.NONE);
    }

    @Needs({})
    @GetMapping("/console/sinks/{sink}/edit")
    ResponseEntity<String> edit(@PathVariable("sink") String sink) {
        Page page = page(sink);
        Reply present = api.get(Url.of("/sinks/{}", sink).toString());
        page.reads(present);
        if (!present.isOk()) {
            return pages.refused(page, present);
        }
        String definition = Definitions.of(present.facts());
        return show(
                page,
                new Draft(sink, definition, definition, "", present.facts().text("type")),
                Facts.NONE,
                Facts.NONE);
    }

    @Needs({})
    @PostMapping("/console/acts/define")
    ResponseEntity<String> put(@RequestParam Map<String, String> sent) {
        Draft draft = new Draft(
                sent.getOrDefault("sink", "").strip(),
                sent.getOrDefault("before", ""),
                sent.getOrDefault("definition", ""),
                sent.getOrDefault("reason", "").strip(),
                sent.getOrDefault("type", "table"));
        Page page = page(draft.before().isEmpty() ? "" : draft.sink());
        if (draft.sink().isEmpty()) {
            return show(
                    page.status(HttpStatus.BAD_REQUEST.value()),
                    draft,
                    Facts.NONE,
                    Facts.told("The sink has no id", "Say what it is to be called. Nothing was changed."));
        }
        boolean dryRun = "preview".equals(sent.get("step"));
        Reply reply = api.send(call(draft, dryRun));
        if (!reply.isOk()) {
            return show(page.status(reply.status()), draft, Facts.NONE, reply.facts());
        }
        return dryRun ? show(page, draft, reply.facts(), Facts.NONE) : done(draft, reply);
    }

    private static Call call(Draft draft, boolean dryRun) {
        Url url = Url.of("/sinks/{}", draft.sink());
        return Call.of(
                "PUT",
                (dryRun ? url.with("dryRun", "true") : url.with("reason", draft.reason())).toString(),
                draft.definition());
    }

    private static Page page(String sink) {
        Page page =
                new Page("sinks", sink.isEmpty() ? "New sink" : "Edit sink " + sink).below("Sinks", "/console/sinks");
        return sink.isEmpty()
                ? page
                : page.below(sink, Url.of("/console/sinks/{}", sink).toString());
    }

    private ResponseEntity<String> show(Page page, Draft draft, Facts effect, Facts problem) {
        Reply types = api.get("/sink-types");
        page.reads(types);
        Facts type = types.facts().list("types").stream()
                .filter(known -> known.text("type").equals(draft.type()))
                .findFirst()
                .orElse(Facts.NONE);
        boolean changed = !draft.before().isEmpty() && !draft.before().equals(draft.definition());
        List<DiffLine> diff = changed ? Diff.of(draft.before(), draft.definition()) : List.of();
        return pages.show(
                page,
                "define",
                Map.of(
                        "sink",
                        draft.sink(),
                        "before",
                        draft.before(),
                        "definition",
                        draft.definition(),
                        "reason",
                        draft.reason(),
                        "types",
                        types.facts().list("types"),
                        "type",
                        type,
                        "diff",
                        diff,
                        "effect",
                        effect,
                        "problem",
                        problem,
                        "call",
                        call(draft, false)));
    }

    private static ResponseEntity<String> done(Draft draft, Reply reply) {
        String location = Url.of("/console/sinks/{}", draft.sink())
                .with("done", reply.status() == HttpStatus.CREATED.value() ? "defined" : "defined-anew")
                .with("audit", reply.header("Sluice-Audit-Id").orElse(""))
                .toString();
        return ResponseEntity.status(HttpStatus.SEE_OTHER)
                .location(URI.create(location))
                .build();
    }
}
