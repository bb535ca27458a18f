package dev.sluice.console;

import dev.sluice.access.Identity;
import dev.sluice.asset.Assets;
import dev.sluice.call.Reply;
import dev.sluice.port.ConsolePort;
import dev.sluice.request.Work;
import dev.sluice.security.Access;
import dev.sluice.session.BrowserSessions;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/** Shows pages: templates that were compiled when the jar was built. */
@Component
public class Pages {

    private static final MediaType HTML = new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8);
    /* What is shown of an address that anybody may have made up. */
    private static final Pattern ACT = Pattern.compile("[a-z-]{1,30}");
    /* What turns the direction of writing, has no width, or is no character: a record must not look like another one. */
    private static final String UNSEEN = "[\\p{Cc}\\p{Cf}\\u2028\\u2029&&[^\\t\\n\\r]]";
    /* What a form sends back stays as it is. Outside of tags there is no "<input", since "<" is escaped there. */
    private static final Pattern KEPT_OR_UNSEEN = Pattern.compile("<input (?:[^\"<>]++|\"[^\"]*+\")*+>|" + UNSEEN);
    private static final Pattern PORT = Pattern.compile(":[0-9]+$");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,19}");

    private final TemplateEngine engine = TemplateEngine.createPrecompiled(ContentType.Html);
    private final Access access;
    private final BrowserSessions sessions;
    private final Assets assets;
    private final ConsolePort port;

    Pages(Access access, BrowserSessions sessions, Assets assets, ConsolePort port) {
        this.access = access;
        this.sessions = sessions;
        this.assets = assets;
        this.port = port;
    }

    /**
     * Shows a page.
     *
     * @param template without its suffix
     * @param model what the template asks for, besides {@code frame}
     */
    public ResponseEntity<String> show(Page page, String template, Map<String, Object> model) {
        Map<String, Object> all = new HashMap<>(model);
        all.put("frame", frame(page));
        StringOutput html = new StringOutput();
        engine.render(template + ".jte", all, html);
        return ResponseEntity.status(page.status()).contentType(HTML).body(visible(html.toString()));
    }

    /* As JSON writes it, which is what most of it stands in. */
    private static String visible(String html) {
        return KEPT_OR_UNSEEN.matcher(html).replaceAll(found -> {
            String text = found.group();
            return text.startsWith("<input ") ? Matcher.quoteReplacement(text) : escaped(text);
        });
    }

    private static String escaped(String character) {
        return character.chars().mapToObj("\\\\u%04x"::formatted).collect(Collectors.joining());
    }

    /** Shows what the API has refused, in its own words and with its status. */
    public ResponseEntity<String> refused(Page page, Reply reply) {
        return show(page.status(reply.status()), "refused", Map.of("problem", reply.facts()));
    }

    private Frame frame(Page page) {
        HttpServletRequest request =
                ((ServletRequestAttributes) RequestContextHolder.currentRequestAttributes()).getRequest();
        boolean wantsKey = access.isAsked();
        String base = base(request);
        Identity sender = Work.currentSender();
        return new Frame(
                page.title(),
                page.section(),
                page.crumbs(),
                page.calls().stream().map(call -> call.curl(base, wantsKey)).toList(),
                base,
                sessions.formToken(sessions.of(request), sender.name()),
                sender.equals(Identity.NOBODY) ? "" : sender.name(),
                wantsKey,
                notice(request),
                notice(request).isEmpty() ? List.of() : Undo.of(request),
                assets,
                Instant.now());
    }

    /* Where the API is, which pages with a port of their own are not. */
    private String base(HttpServletRequest request) {
        String base = origin(request);
        return port.elsewhere(request)
                .map(api -> PORT.matcher(base).replaceFirst("") + ":" + api + request.getContextPath())
                .orElse(base + request.getContextPath());
    }

    private static String origin(HttpServletRequest request) {
        StringBuffer url = request.getRequestURL();
        int end = url.indexOf("/", url.indexOf("://") + "://".length());
        return end < 0 ? url.toString() : url.substring(0, end);
    }

    private static String notice(HttpServletRequest request) {
        String done = request.getMethod().equals("GET") ? request.getParameter("done") : null;
        if (done == null || !ACT.matcher(done).matches()) {
            return "";
        }
        String audit = request.getParameter("audit");
        return "Done: " + done.replace('-', ' ')
                + (audit != null && NUMBER.matcher(audit).matches()
                        ? ", number " + audit + " of the audit trail."
                        : ".");
    }
}
