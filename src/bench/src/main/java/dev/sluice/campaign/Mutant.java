package dev.sluice.campaign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A planted mistake: pieces of source that are replaced by others.
 *
 * @param sinks whose writers are enough to see it
 * @param faults that are needed to see it, a standby among what they need; empty for all that lose nothing, without one
 */
record Mutant(String name, String mistake, String sinks, String faults, List<Edit> edits) {

    /** In one file, a text that is there exactly once. */
    record Edit(String file, String before, String after) {}

    private static final Pattern HEAD = Pattern.compile("^=== (\\S+) \\[([a-z,-]*)] (?:\\{([a-z,*0-9-]+)} )?(.*)$");
    private static final Pattern EDIT =
            Pattern.compile("^--- (\\S+)\\n<<<<\\n(.*?)\\n====\\n(.*?)\\n?>>>>$", Pattern.MULTILINE | Pattern.DOTALL);

    static List<Mutant> read(Path file) throws IOException {
        List<Mutant> mutants = new ArrayList<>();
        for (String text : Files.readString(file).split("(?m)^(?==== )")) {
            Matcher head = HEAD.matcher(text.lines().findFirst().orElse(""));
            if (head.matches()) {
                List<Edit> edits = new ArrayList<>();
                Matcher edit = EDIT.matcher(text);
                while (edit.find()) {
                    edits.add(new Edit(edit.group(1), edit.group(2), edit.group(3)));
                }
                String faults = head.group(3) == null ? "" : head.group(3);
                mutants.add(new Mutant(head.group(1), head.group(4), head.group(2), faults, edits));
            }
        }
        return mutants;
    }

    /** Writes the changed files below a directory and returns them; fails where the source has moved on. */
    List<Path> plant(Path sources, Path target) throws IOException {
        List<Path> changed = new ArrayList<>();
        for (Edit edit : edits) {
            Path copy = target.resolve(edit.file());
            if (!Files.exists(copy)) {
                Files.createDirectories(copy.getParent());
                Files.copy(sources.resolve(edit.file()), copy);
                changed.add(copy);
            }
            String text = Files.readString(copy);
            int at = text.indexOf(edit.before());
            if (at < 0 || text.indexOf(edit.before(), at + 1) >= 0) {
                throw new IOException(name + ": not exactly once in " + edit.file() + ":\n" + edit.before());
            }
            Files.writeString(
                    copy,
                    text.substring(0, at)
                            + edit.after()
                            + text.substring(at + edit.before().length()));
        }
        return changed;
    }
}
