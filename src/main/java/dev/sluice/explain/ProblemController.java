package dev.sluice.explain;

import dev.sluice.access.Needs;
import dev.sluice.call.Api;
import dev.sluice.call.Reply;
import dev.sluice.call.Url;
import dev.sluice.console.Filters;
import dev.sluice.console.Page;
import dev.sluice.console.Pages;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Problems: what was refused lately, and what each type means, which is where its URI leads. */
@RestController
class ProblemController {

    private static final String SECTION = "problems";

    private final Api api;
    private final Pages pages;
    private final Explanations explanations;

    ProblemController(Api api, Pages pages, Explanations explanations) {
        this.api = api;
        this.pages = pages;
        this.explanations = explanations;
    }

    @Needs({})
    @GetMapping("/console/problems")
    ResponseEntity<String> recent(@RequestParam Map<String, String> asked) {
        Filters filters = Filters.of("/console/problems", List.of("sink", "type"), asked);
        Page page = new Page(SECTION, "Problems");
        Reply answer = api.get(
                filters.on(Url.of("/problems/recent").with("limit", "50")).toString());
        page.reads(answer);
        return answer.isOk()
                ? pages.show(page, "problems", Map.of("answer", answer.facts(), "filters", filters))
                : pages.refused(page, answer);
    }

    @Needs({})
    @GetMapping("/problems/{type}")
    ResponseEntity<String> type(@PathVariable("type") String slug) {
        ProblemType type = Arrays.stream(ProblemType.values())
                .filter(known -> known.slug().equals(slug))
                .findFirst()
                .orElseThrow(() -> Problem.of(
                                ProblemType.NOT_FOUND,
                                "there is no problem type '" + slug + "'; GET /problems/not-found is the page of this"
                                        + " one, and protocol.md lists them all")
                        .exception());
        return pages.show(
                new Page(SECTION, type.title()).below("Problems", "/console/problems"),
                "problem-type",
                Map.of("type", type, "explanation", explanations.of(type)));
    }
}
