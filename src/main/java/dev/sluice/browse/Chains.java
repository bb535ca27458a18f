package dev.sluice.browse;

import dev.sluice.call.Api;
import dev.sluice.call.Facts;
import dev.sluice.call.Reply;
import dev.sluice.call.Url;
import dev.sluice.console.Page;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;

/** Draws what a sink hands on to, and tells from it why its guarantee is what it is. */
@Component
class Chains {

    private static final int GAP_X = 60;
    private static final int GAP_Y = 16;
    private static final int MOST = 12;
    private static final int DEEPEST = 4;

    private final Api api;

    Chains(Api api) {
        this.api = api;
    }

    Chain of(Page page, Facts sink) {
        Drawing drawing = new Drawing(page);
        drawing.add(sink, 0, -1, 0);
        int depth = drawing.links.stream().mapToInt(Link::x).max().orElse(0);
        return new Chain(
                drawing.links, depth + Link.WIDTH + 2, drawing.bottom, drawing.words.toString(), drawing.limits);
    }

    private final class Drawing {

        private final Page page;
        private final List<Link> links = new ArrayList<>();
        private final List<String> limits = new ArrayList<>();
        private final StringBuilder words = new StringBuilder();
        private int bottom;

        Drawing(Page page) {
            this.page = page;
        }

        private void add(Facts sink, int depth, int fromX, int fromY) {
            int x = depth * (Link.WIDTH + GAP_X) + 1;
            int y = depth == 0 || links.get(links.size() - 1).x() < x
                    ? Math.max(fromY - Link.HEIGHT / 2, 1)
                    : bottom + GAP_Y;
            String id = sink.text("id");
            links.add(new Link(id, sink.text("type"), sink.text("guarantee"), x, y, fromX, fromY));
            bottom = Math.max(bottom, y + Link.HEIGHT + 1);
            words.append(words.length() == 0 ? "" : ", ")
                    .append(id)
                    .append(" of type ")
                    .append(sink.text("type"));
            String limit = Limits.of(sink);
            if (!limit.isEmpty()) {
                limits.add(limit);
            }
            for (Facts target : sink.list("targets")) {
                if (links.size() < MOST && depth < DEEPEST) {
                    add(read(target.text()), depth + 1, x + Link.WIDTH, y + Link.HEIGHT / 2);
                }
            }
        }

        /* What one may not see is shown by the name that the definition has anyway. */
        private Facts read(String id) {
            Reply reply = api.get(Url.of("/sinks/{}", id).toString());
            page.reads(reply);
            return reply.isOk() ? reply.facts() : Facts.named(id);
        }
    }
}
