package dev.sluice.console;

import dev.sluice.call.Call;
import dev.sluice.call.Reply;
import java.util.ArrayList;
import java.util.List;

/** A page in the making: its title, where it is, and what it reads. */
public final class Page {

    private final String section;
    private final String title;
    private final List<Crumb> crumbs = new ArrayList<>();
    private final List<Call> calls = new ArrayList<>();
    private int status = 200;

    /**
     * Starts a page.
     *
     * @param section of the navigation, empty for none
     */
    public Page(String section, String title) {
        this.section = section;
        this.title = title;
    }

    /** Adds a page above this one, from the outermost on. */
    public Page below(String text, String href) {
        crumbs.add(new Crumb(text, href));
        return this;
    }

    /** Tells what was read for it. */
    public Page reads(Reply reply) {
        calls.add(reply.call());
        return this;
    }

    /** Tells which HTTP status it has. */
    public Page status(int code) {
        status = code;
        return this;
    }

    String section() {
        return section;
    }

    String title() {
        return title;
    }

    List<Crumb> crumbs() {
        return List.copyOf(crumbs);
    }

    List<Call> calls() {
        return List.copyOf(calls);
    }

    int status() {
        return status;
    }
}
