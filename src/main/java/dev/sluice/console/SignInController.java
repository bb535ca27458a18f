package dev.sluice.console;

import dev.sluice.access.Needs;
import dev.sluice.problem.ProblemException;
import dev.sluice.security.Access;
import dev.sluice.session.BrowserSessions;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Where people say by a key or a token who they are, and where they leave. */
@RestController
class SignInController {

    private static final String HOME = "/console";
    /* Nothing by which a browser could be led elsewhere. */
    private static final Pattern PAGE = Pattern.compile("/console([/?]([\\w\\-./~!$&'()*+,;=:@?]|%[0-9A-Fa-f]{2})*)?");

    private final Access access;
    private final BrowserSessions sessions;
    private final Pages pages;

    SignInController(Access access, BrowserSessions sessions, Pages pages) {
        this.access = access;
        this.sessions = sessions;
        this.pages = pages;
    }

    @Needs({})
    @GetMapping("/console/sign-in")
    ResponseEntity<String> form(@RequestParam(name = "then", defaultValue = HOME) String then) {
        return access.isAsked() ? page(then, "", HttpStatus.OK) : to(HOME, null);
    }

    @Needs({})
    @PostMapping("/console/sign-in")
    ResponseEntity<String> signIn(
            @RequestParam(name = "credential", defaultValue = "") String given,
            @RequestParam(name = "then", defaultValue = HOME) String then,
            HttpServletRequest request) {
        String credential = given.strip();
        if (!access.isAsked()) {
            return to(HOME, null);
        }
        if (!BrowserSessions.holds(credential)) {
            return page(
                    then,
                    "this token is too long for a cookie; have the issuer leave out claims that are not needed here",
                    HttpStatus.BAD_REQUEST);
        }
        try {
            access.whose(credential);
        } catch (ProblemException e) {
            return page(then, String.valueOf(e.getMessage()), HttpStatus.UNAUTHORIZED);
        }
        return to(PAGE.matcher(then).matches() ? then : HOME, sessions.begin(credential, request));
    }

    @Needs({})
    @PostMapping("/console/sign-out")
    ResponseEntity<String> signOut(HttpServletRequest request) {
        return to("/console/sign-in", sessions.end(request));
    }

    private ResponseEntity<String> page(String then, String refused, HttpStatus status) {
        return pages.show(
                new Page("", "Sign in").status(status.value()), "sign-in", Map.of("then", then, "refused", refused));
    }

    private static ResponseEntity<String> to(String page, @Nullable String cookie) {
        ResponseEntity.BodyBuilder answer =
                ResponseEntity.status(HttpStatus.SEE_OTHER).location(URI.create(page));
        if (cookie != null) {
            answer.header(HttpHeaders.SET_COOKIE, cookie);
        }
        return answer.build();
    }
}
