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
import dev.sluice.form.DefinitionForm;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Defines a sink, or defines it anew: by a field for each setting or as JSON, tried before it is put. */
@RestController
@RequestMapping("/console")
class DefinitionPages {

    private static final String TEMPLATE = "define";
    /* While somebody types: what is told of the draft, and nothing of the form that is typed in. */
    private static final String LIVE = "define-live";

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
     * @param type as the API describes it
     */
    private record Draft(String sink, String before, String definition, String reason, Facts type) {

        /* Secrets go to the API and are never shown, not even to who has written them. */
        String shown() {
            return DefinitionForm.masked(type, definition);
        }
    }

    @Needs({})
    @GetMapping("/acts/define")
    ResponseEntity<String> begin(@RequestParam(name = "type", defaultValue = "table") String name) {
        Page page = page("");
        Facts type = type(page, name);
        String definition = type.isEmpty() ? "{}" : Definitions.begun(type);
        return show(TEMPLATE, page, new Draft("", "", definition, "", type), Facts.NONE, Facts.NONE);
    }

    @Needs({})
    @GetMapping("/sinks/{sink}/edit")
    ResponseEntity<String> edit(@PathVariable("sink") String sink) {
        Page page = page(sink);
        Reply present = api.get(Url.of("/sinks/{}", sink).toString());
        page.reads(present);
        if (!present.isOk()) {
            return pages.refused(page, present);
        }
        String definition = Definitions.of(present.facts());
        Facts type = type(page, present.facts().text("type"));
        return show(TEMPLATE, page, new Draft(sink, definition, definition, "", type), Facts.NONE, Facts.NONE);
    }

    @Needs({})
    @PostMapping("/acts/define")
    ResponseEntity<String> put(
            @RequestParam Map<String, String> sent,
            @RequestHeader(name = "HX-Request", required = false) @Nullable String live) {
        String sink = sent.getOrDefault("sink", "").strip();
        String before = DefinitionForm.unix(sent.getOrDefault("before", ""));
        Page page = page(before.isEmpty() ? "" : sink);
        String written = DefinitionForm.unix(sent.getOrDefault("definition", ""));
        String named = DefinitionForm.type(written);
        Facts type = type(page, named.isEmpty() ? sent.getOrDefault("type", "table") : named);
        String shown = DefinitionForm.unix(sent.getOrDefault("shown", ""));
        Draft draft = new Draft(
                sink,
                before,
                DefinitionForm.merged(type, shown, written, sent),
                sent.getOrDefault("reason", "").strip(),
                type);
        String template = live == null ? TEMPLATE : LIVE;
        if (sink.isEmpty()) {
            Facts missing = Facts.told("The sink has no id", "Say what it is to be called. Nothing was changed.");
            return show(
                    template, page.status(status(live, HttpStatus.BAD_REQUEST.value())), draft, Facts.NONE, missing);
        }
        boolean dryRun = live != null || "preview".equals(sent.get("step"));
        Reply reply = api.send(call(draft, draft.definition(), dryRun));
        if (!reply.isOk()) {
            return show(template, page.status(status(live, reply.status())), draft, Facts.NONE, reply.facts());
        }
        return dryRun ? show(template, page, draft, reply.facts(), Facts.NONE) : done(draft, reply);
    }

    /* A part of a page is put in its place only if it comes with success. */
    private static int status(@Nullable String live, int status) {
        return live == null ? status : HttpStatus.OK.value();
    }

    private Facts type(Page page, String name) {
        Reply described = api.get(Url.of("/sink-types/{}", name).toString());
        page.reads(described);
        return described.isOk() ? described.facts() : Facts.NONE;
    }

    private static Call call(Draft draft, String definition, boolean dryRun) {
        Url url = Url.of("/sinks/{}", draft.sink());
        return Call.of(
                "PUT",
                (dryRun ? url.with("dryRun", "true") : url.with("reason", draft.reason())).toString(),
                definition);
    }

    private static Page page(String sink) {
        Page page =
                new Page("sinks", sink.isEmpty() ? "New sink" : "Edit sink " + sink).below("Sinks", "/console/sinks");
        return sink.isEmpty()
                ? page
                : page.below(sink, Url.of("/console/sinks/{}", sink).toString());
    }

    private ResponseEntity<String> show(String template, Page page, Draft draft, Facts effect, Facts problem) {
        Reply types = api.get("/sink-types");
        page.reads(types);
        String definition = draft.shown();
        boolean changed = !draft.before().isEmpty() && !draft.before().equals(definition);
        List<DiffLine> diff = changed ? Diff.of(draft.before(), definition) : List.of();
        return pages.show(
                page,
                template,
                Map.ofEntries(
                        Map.entry("sink", draft.sink()),
                        Map.entry("before", draft.before()),
                        Map.entry("definition", definition),
                        Map.entry("reason", draft.reason()),
                        Map.entry("types", types.facts().list("types")),
                        Map.entry("type", draft.type()),
                        Map.entry("fields", DefinitionForm.fields(draft.type(), definition, problem)),
                        Map.entry("others", DefinitionForm.others(draft.type(), problem)),
                        Map.entry("diff", diff),
                        Map.entry("effect", effect),
                        Map.entry("problem", problem),
                        Map.entry("call", call(draft, definition, false))));
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
