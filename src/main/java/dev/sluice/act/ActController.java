package dev.sluice.act;

import dev.sluice.access.Needs;
import dev.sluice.call.Api;
import dev.sluice.call.Call;
import dev.sluice.call.Facts;
import dev.sluice.call.Reply;
import dev.sluice.call.Url;
import dev.sluice.console.Page;
import dev.sluice.console.Pages;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Forms for acts: shown, tried, done. What the API says to it is told in its words. */
@RestController
class ActController {

    private static final String STEP = "step";
    private static final String PREVIEW = "preview";
    private static final String CONFIRMED = "confirmed";
    private static final String SHOWN = "shown";

    private final Api api;
    private final Pages pages;

    ActController(Api api, Pages pages) {
        this.api = api;
        this.pages = pages;
    }

    @Needs({})
    @GetMapping("/console/acts/{act}")
    ResponseEntity<String> form(@PathVariable("act") String label, @RequestParam Map<String, String> asked) {
        Act act = act(label);
        Map<String, String> given = given(asked);
        Page page = page(act, given);
        if (act.scope(given) == Scope.LETTER) {
            Reply letter = api.get(Scope.LETTER.path(given));
            page.reads(letter);
            if (!letter.isOk()) {
                return pages.refused(page, letter);
            }
            letter.header(HttpHeaders.ETAG).ifPresent(etag -> given.put("etag", etag));
        }
        return show(page, act, given, Facts.NONE, Facts.NONE);
    }

    @Needs({})
    @PostMapping("/console/acts/{act}")
    ResponseEntity<String> send(@PathVariable("act") String label, @RequestParam Map<String, String> sent) {
        Act act = act(label);
        Map<String, String> given = given(sent);
        String step = given.remove(STEP);
        String confirmed = given.remove(CONFIRMED);
        String shown = given.remove(SHOWN);
        boolean isShown = act.isDoneAtOnce() || described(act, given).equals(shown);
        boolean preview = act.hasPreview() && (PREVIEW.equals(step) || !isShown);
        Page page = page(act, given);
        if (!preview && !act.confirmation(given).equals(confirmed == null ? "" : confirmed)) {
            page.status(HttpStatus.BAD_REQUEST.value());
            return show(
                    page,
                    act,
                    given,
                    Facts.NONE,
                    Facts.told(
                            "Not confirmed", "Type '" + act.confirmation(given) + "' to confirm. Nothing was done."));
        }
        Reply reply = api.send(act.call(given, preview));
        if (!reply.isOk()) {
            return show(page.status(reply.status()), act, given, Facts.NONE, reply.facts());
        }
        if (!preview) {
            return done(act, given, reply);
        }
        Facts effect = reply.facts();
        keep(given, "expected", effect.text("matching"));
        keep(given, "version", effect.has("fenced") ? effect.text("version") : "");
        given.put(SHOWN, described(act, given));
        return show(page, act, given, effect, Facts.NONE);
    }

    /* What has to be the same when it is done as it was when its effect was shown. */
    private static String described(Act act, Map<String, String> given) {
        Call call = act.call(given, false);
        return call.method() + " " + call.path() + " " + call.body();
    }

    private static Act act(String label) {
        return Act.of(label)
                .orElseThrow(() -> Problem.of(ProblemType.NOT_FOUND, "there is no act '" + label + "' in the console")
                        .exception());
    }

    /* Without what is empty, as fields are that nobody has filled in. */
    private static Map<String, String> given(Map<String, String> asked) {
        Map<String, String> given = new HashMap<>();
        asked.forEach((name, value) -> keep(given, name, value.strip()));
        given.remove("form-token");
        return given;
    }

    private static void keep(Map<String, String> given, String name, String value) {
        if (!value.isEmpty()) {
            given.put(name, value);
        }
    }

    private static Page page(Act act, Map<String, String> given) {
        String sink = given.getOrDefault("sink", "");
        return new Page("sinks", act.title() + " " + act.scope(given).told(given))
                .below("Sinks", "/console/sinks")
                .below(sink, Url.of("/console/sinks/{}", sink).toString());
    }

    private ResponseEntity<String> show(Page page, Act act, Map<String, String> given, Facts effect, Facts problem) {
        Call call = act.call(given, false);
        return pages.show(
                page,
                "act",
                Map.of(
                        "act",
                        act,
                        "given",
                        given,
                        "call",
                        call,
                        "confirmation",
                        act.confirmation(given),
                        "effect",
                        effect,
                        "problem",
                        problem,
                        "back",
                        act.scope(given).page(given)));
    }

    private static ResponseEntity<String> done(Act act, Map<String, String> given, Reply reply) {
        String back = act == Act.DELETE ? "/console/sinks" : act.scope(given).page(given);
        String location = Url.of(back)
                .with("done", act.label())
                .with("audit", reply.header("Sluice-Audit-Id").orElse(""))
                .toString();
        return ResponseEntity.status(HttpStatus.SEE_OTHER)
                .location(URI.create(location))
                .build();
    }
}
