package dev.sluice.file;

import dev.sluice.sink.ReservedDirectories;
import dev.sluice.sink.ReservedDirectories.Reserved;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where the files of a sink may be. Asks anew each time where links lead, for they may change.
 *
 * @param roots absolute; null where files may be anywhere but in what is reserved
 */
record Confines(@Nullable List<Path> roots, ReservedDirectories reserved) {

    /** Anywhere. */
    static final Confines NONE = new Confines(null, ReservedDirectories.NONE);

    /** Returns where a path leads that is absolute and normalized; its end may be missing. */
    static Path real(Path path) throws IOException {
        Path there = path;
        while (there.getParent() != null && Files.notExists(there, LinkOption.NOFOLLOW_LINKS)) {
            there = there.getParent();
        }
        return there.toRealPath().resolve(there.relativize(path));
    }

    /** Returns why files must not be in this directory, in a sentence without its end; empty if they may. */
    Optional<String> refusal(Path directory) {
        try {
            Path real = real(directory);
            String shown = real.equals(directory) ? directory.toString() : directory + " leads to " + real + ", which";
            for (Reserved own : reserved.all()) {
                Path kept = real(own.directory());
                if (own.withAllBelow() ? real.startsWith(kept) : real.equals(kept)) {
                    return Optional.of(shown + " is for the service itself (" + own.setting()
                            + "), and no sink may write there. Choose another directory");
                }
            }
            return roots == null || root(real) != null ? Optional.empty() : Optional.of(shown + outside(roots));
        } catch (IOException e) {
            // Where anything goes, whoever opens it tells what is wrong.
            return roots == null
                    ? Optional.empty()
                    : Optional.of("where " + directory + " leads cannot be found out: " + FileFailure.reason(e));
        }
    }

    private static String outside(List<Path> roots) {
        String allowed = roots.stream().map(Path::toString).collect(Collectors.joining(", "));
        return " is outside of where sinks that are defined over HTTP may have files: "
                + (allowed.isEmpty() ? "nowhere" : allowed)
                + ". Choose a directory below that; or whoever runs the service adds this one to sluice.files.roots, or"
                + " defines the sink in the configuration";
    }

    /** Returns the root that a real path lies below; null if there is none, or none is needed. */
    @Nullable
    Path root(Path real) throws IOException {
        for (Path root : Objects.requireNonNullElse(roots, List.<Path>of())) {
            Path there = real(root);
            if (real.startsWith(there)) {
                return there;
            }
        }
        return null;
    }
}
