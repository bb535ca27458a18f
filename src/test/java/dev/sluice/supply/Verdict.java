package dev.sluice.supply;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/**
 * What is to be said of the libraries that are in use.
 *
 * @param open vulnerabilities that somebody has to do something about
 * @param tolerated those that have an exception which is not over
 * @param unknown libraries that were not asked about in this version: there may be anything
 */
record Verdict(List<Finding> open, List<Finding> tolerated, List<String> unknown) {

    static final int CLEAN = 0;
    static final int FOUND = 1;
    static final int NOT_LOOKED_AT = 2;

    static Verdict of(List<Component> components, Looked looked, Tolerated tolerated, LocalDate today) {
        List<Finding> open = new ArrayList<>();
        List<Finding> held = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        for (Component component : components) {
            if (!looked.purls().contains(component.purl())) {
                unknown.add(component.purl());
            }
            looked.findings().stream()
                    .filter(finding -> finding.purl().equals(component.purl()))
                    .forEach(finding -> (tolerated.holds(finding, today) ? held : open).add(finding));
        }
        return new Verdict(open, held, unknown);
    }

    /** What was found comes before what nobody has looked for. */
    int exitCode() {
        if (!open.isEmpty()) {
            return FOUND;
        }
        return unknown.isEmpty() ? CLEAN : NOT_LOOKED_AT;
    }

    /** For a person. */
    String text(int components, String when) {
        StringBuilder text = new StringBuilder();
        open.forEach(
                finding -> text.append("FOUND: ").append(finding.sentence()).append('\n'));
        tolerated.forEach(
                finding -> text.append("tolerated: ").append(finding.sentence()).append('\n'));
        int known = components - unknown.size();
        if (!unknown.isEmpty()) {
            text.append("NOT LOOKED AT: ")
                    .append(unknown.size())
                    .append(" of ")
                    .append(components)
                    .append(" libraries. They may have known vulnerabilities. ");
            text.append(known == 0 ? "None of them was" : "Only the other " + known + " were")
                    .append(" asked about (asked: ")
                    .append(when)
                    .append("). Run src/supply/vulnerabilities --write where api.osv.dev can be reached\n");
        }
        if (open.isEmpty() && known > 0) {
            text.append("no known vulnerability that is not tolerated in ")
                    .append(known)
                    .append(" libraries, as of ")
                    .append(when)
                    .append('\n');
        }
        return text.toString();
    }
}
