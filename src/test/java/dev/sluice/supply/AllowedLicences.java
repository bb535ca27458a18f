package dev.sluice.supply;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Under which licences a library may come, with a reason for each. */
final class AllowedLicences {

    private static final Path FILE = Path.of("src/supply/licences.txt");

    private final Map<String, String> reasons;

    private AllowedLicences(Map<String, String> reasons) {
        this.reasons = reasons;
    }

    static AllowedLicences read() throws IOException {
        return of(Files.readAllLines(FILE));
    }

    /** Of lines {@code <identifier> <reason>}; {@code #} begins a comment. */
    static AllowedLicences of(List<String> lines) {
        Map<String, String> reasons = new LinkedHashMap<>();
        for (String line : Lines.of(lines)) {
            String[] words = line.split("\\s+", 2);
            if (words.length < 2) {
                throw new IllegalArgumentException("the licence " + words[0] + " is allowed without a reason");
            }
            reasons.put(words[0], words[1]);
        }
        return new AllowedLicences(reasons);
    }

    /** What is wrong with the licences of these libraries, one sentence for each; empty if nothing is. */
    List<String> objections(List<Component> components) {
        return components.stream()
                .filter(component -> component.licences().stream().noneMatch(reasons::containsKey))
                .map(AllowedLicences::objection)
                .toList();
    }

    private static String objection(Component component) {
        return component.licences().isEmpty()
                ? component.purl() + " does not say its licence"
                : component.purl() + " comes under none of the licences of " + FILE + ": "
                        + String.join(", ", component.licences());
    }

    /** Those that stand in the list and no library needs. */
    List<String> unused(List<Component> components) {
        return reasons.keySet().stream()
                .filter(licence -> components.stream()
                        .noneMatch(component -> component.licences().contains(licence)))
                .toList();
    }

    /** The one that is used, of those that a library offers: the first that is allowed in the order of the list. */
    String chosen(Component component) {
        return reasons.keySet().stream()
                .filter(component.licences()::contains)
                .findFirst()
                .orElseThrow();
    }
}
