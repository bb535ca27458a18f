package dev.sluice.supply;

import java.util.List;

/** Lines of a file for people: {@code #} at the beginning of one makes it a comment. */
final class Lines {

    private Lines() {}

    static List<String> of(List<String> lines) {
        return lines.stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
    }
}
