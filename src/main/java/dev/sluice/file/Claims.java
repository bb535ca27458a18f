package dev.sluice.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Which sinks of this process write where, so that two that would meet in a file are told at once. Thread-safe. */
final class Claims {

    /* Not keyed by sink: a definition that replaces another is there before the other is closed. */
    private final Set<Claim> claims = ConcurrentHashMap.newKeySet();

    /**
     * Claims partitions' files for a sink, or refuses; returns what gives the claim back. A sink that is confined may not
     * have a directory inside another one's, nor around it.
     */
    synchronized Runnable claim(String sink, Path directory, List<String> partitions, Confines confines) {
        Path real = real(directory);
        for (Claim other : claims) {
            if (!other.sink.equals(sink) && other.directory.equals(real)) {
                refuseShared(other, directory, partitions, confines);
            } else if (!other.sink.equals(sink) && confines.roots() != null) {
                refuseNested(other, directory, real);
            }
        }
        Claim claim =
                new Claim(sink, real, partitions.stream().map(FileNames::folded).collect(Collectors.toSet()));
        claims.add(claim);
        return () -> claims.remove(claim);
    }

    /** Returns where a directory is, whether or not it is there. */
    static Path real(Path directory) {
        try {
            return Confines.real(directory);
        } catch (IOException e) {
            return directory; // whoever opens it tells
        }
    }

    private static void refuseNested(Claim other, Path directory, Path real) {
        boolean inside = real.startsWith(other.directory);
        if (inside || other.directory.startsWith(real)) {
            throw new IllegalArgumentException("directory: " + directory + (inside ? " is inside of" : " is around")
                    + " the directory of another sink; choose one beside it");
        }
    }

    private static void refuseShared(Claim other, Path directory, List<String> partitions, Confines confines) {
        // Whoever is confined may not know of the other one.
        String whose = confines.roots() == null ? "sink '" + other.sink + "'" : "another sink";
        for (String partition : partitions) {
            if (other.files.contains(FileNames.folded(partition))) {
                throw new IllegalArgumentException("directory: " + directory + " already takes partition '" + partition
                        + "' of " + whose + "; give each sink a directory, or partitions of its own");
            }
        }
    }

    /** Compared by identity: two definitions of one sink may say the same. */
    private static final class Claim {

        private final String sink;
        private final Path directory;
        private final Set<String> files;

        Claim(String sink, Path directory, Set<String> files) {
            this.sink = sink;
            this.directory = directory;
            this.files = files;
        }
    }
}
