package dev.sluice.act;

import dev.sluice.access.Needs;
import dev.sluice.call.Api;
import dev.sluice.call.Call;
import dev.sluice.call.Facts;
import dev.sluice.call.Reply;
import dev.sluice.call.Url;
import dev.sluice.console.Page;
import dev.sluice.console.Pages;
import java.net.URI;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Makes, changes, rotates and revokes keys. The text of a key is in the answer to the form that was sent, and in no
 * address: it is shown once, and a browser that is told to load the answer again asks whether to send the form again.
 */
@RestController
@RequestMapping("/console/acts")
class KeyPages {

    private static final String LIST = "/console/keys";

    private final Api api;
    private final Pages pages;

    KeyPages(Api api, Pages pages) {
        this.api = api;
        this.pages = pages;
    }

    @Needs({})
    @GetMapping("/make-key")
    ResponseEntity<String> begin() {
        Page page = page("New key");
        Reply keys = api.get("/keys?limit=1");
        page.reads(keys);
        return keys.isOk()
                ? show(page, new KeyDraft("", Map.of("g0.sinks", "*")), Facts.NONE)
                : pages.refused(page, keys);
    }

    @Needs({})
    @PostMapping("/make-key")
    ResponseEntity<String> make(@RequestParam Map<String, String> sent) {
        KeyDraft draft = new KeyDraft("", sent);
        Page page = page("New key");
        Reply made = api.send(draft.call());
        return made.isOk() ? told(made) : show(page.status(made.status()), draft, made.facts());
    }

    @Needs({})
    @GetMapping("/change-key")
    ResponseEntity<String> edit(@RequestParam(name = "id", defaultValue = "") String id) {
        Page page = page("Change key " + id);
        Reply key = api.get(Url.of("/keys/{}", id).toString());
        page.reads(key);
        return key.isOk() ? show(page, KeyDraft.of(key.facts()), Facts.NONE) : pages.refused(page, key);
    }

    @Needs({})
    @PostMapping("/change-key")
    ResponseEntity<String> change(
            @RequestParam(name = "id", defaultValue = "") String id, @RequestParam Map<String, String> sent) {
        KeyDraft draft = new KeyDraft(id, sent);
        Reply changed = api.send(draft.call());
        return changed.isOk()
                ? done("change-key", changed)
                : show(page("Change key " + id).status(changed.status()), draft, changed.facts());
    }

    @Needs({})
    @GetMapping("/rotate-key")
    ResponseEntity<String> confirmRotation(@RequestParam(name = "id", defaultValue = "") String id) {
        return confirm(KeyAct.ROTATE, id);
    }

    @Needs({})
    @PostMapping("/rotate-key")
    ResponseEntity<String> rotate(
            @RequestParam(name = "id", defaultValue = "") String id, @RequestParam Map<String, String> sent) {
        return end(KeyAct.ROTATE, id, sent);
    }

    @Needs({})
    @GetMapping("/revoke-key")
    ResponseEntity<String> confirmEnd(@RequestParam(name = "id", defaultValue = "") String id) {
        return confirm(KeyAct.REVOKE, id);
    }

    @Needs({})
    @PostMapping("/revoke-key")
    ResponseEntity<String> revoke(
            @RequestParam(name = "id", defaultValue = "") String id, @RequestParam Map<String, String> sent) {
        return end(KeyAct.REVOKE, id, sent);
    }

    private ResponseEntity<String> confirm(KeyAct act, String id) {
        Page page = page(act.title() + " key " + id);
        Reply key = api.get(Url.of("/keys/{}", id).toString());
        page.reads(key);
        return key.isOk() ? show(page, act, id, Map.of(), Facts.NONE) : pages.refused(page, key);
    }

    private ResponseEntity<String> end(KeyAct act, String id, Map<String, String> sent) {
        Page page = page(act.title() + " key " + id);
        if (!sent.getOrDefault("confirmed", "").strip().equals(id)) {
            return show(
                    page.status(HttpStatus.BAD_REQUEST.value()),
                    act,
                    id,
                    sent,
                    Facts.told("Not confirmed", "Type '" + id + "' to confirm. Nothing was done."));
        }
        Reply reply = api.send(call(act, id, sent));
        if (!reply.isOk()) {
            return show(page.status(reply.status()), act, id, sent, reply.facts());
        }
        return act == KeyAct.ROTATE ? told(reply) : done("revoke-key", reply);
    }

    private static Call call(KeyAct act, String id, Map<String, String> sent) {
        return act.call(
                id,
                sent.getOrDefault("reason", "").strip(),
                sent.getOrDefault("overlap", "").strip());
    }

    private static Page page(String title) {
        return new Page("keys", title).below("Keys", LIST);
    }

    private ResponseEntity<String> show(Page page, KeyDraft draft, Facts problem) {
        return pages.show(page, "key-form", Map.of("draft", draft, "problem", problem, "call", draft.call()));
    }

    private ResponseEntity<String> show(Page page, KeyAct act, String id, Map<String, String> sent, Facts problem) {
        return pages.show(
                page,
                "key-act",
                Map.of(
                        "act",
                        act,
                        "id",
                        id,
                        "reason",
                        sent.getOrDefault("reason", ""),
                        "overlap",
                        sent.getOrDefault("overlap", ""),
                        "problem",
                        problem,
                        "call",
                        call(act, id, sent)));
    }

    private ResponseEntity<String> told(Reply reply) {
        return pages.show(page("Key " + reply.facts().text("id")), "key-shown", Map.of("key", reply.facts()));
    }

    private static ResponseEntity<String> done(String act, Reply reply) {
        String location = Url.of(LIST)
                .with("done", act)
                .with("audit", reply.header("Sluice-Audit-Id").orElse(""))
                .toString();
        return ResponseEntity.status(HttpStatus.SEE_OTHER)
                .location(URI.create(location))
                .build();
    }
}
