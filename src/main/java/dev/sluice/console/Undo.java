package dev.sluice.console;

import dev.sluice.call.Url;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.web.util.UriUtils;

/** Knows which act undoes the one that a page tells of. */
final class Undo {

    private static final Pattern PAGE = Pattern.compile("/console/sinks/([^/]+)(?:/partitions/([^/]+))?");

    private Undo() {}

    /** Returns where the act that was done can be undone: nothing where it cannot. */
    static List<Crumb> of(HttpServletRequest request) {
        String path = request.getRequestURI().substring(request.getContextPath().length());
        Matcher page = PAGE.matcher(path);
        String done = String.valueOf(request.getParameter("done"));
        if (!page.matches()) {
            return List.of();
        }
        return switch (done) {
            case "pause", "drain" -> List.of(act("Resume", "resume", page));
            case "resume" -> List.of(act("Pause again", "pause", page));
            case "defined-anew" -> List.of(new Crumb("Edit again", "/console/sinks/" + page.group(1) + "/edit"));
            default -> List.of();
        };
    }

    private static Crumb act(String text, String act, Matcher page) {
        return new Crumb(
                text,
                Url.of("/console/acts/" + act)
                        .with("sink", decoded(page.group(1)))
                        .with("partition", page.group(2) == null ? null : decoded(page.group(2)))
                        .toString());
    }

    private static String decoded(String segment) {
        return UriUtils.decode(segment, StandardCharsets.UTF_8);
    }
}
