package dev.sluice.file;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Which sinks of this process write where, so that two that would meet in a file are told at once. Thread-safe. */
final class Claims {

    /* Not keyed by sink: a definition that replaces another is there before the other is closed. */
    private final Set<Claim> claims = ConcurrentHashMap.newKeySet();

    /** Claims partitions' files for a sink, or refuses; returns what gives the claim back. */
    synchronized Runnable claim(String sink, Path directory, List<String> partitions) {
        for (Claim other : claims) {
            if (!other.sink.equals(sink) && other.directory.equals(directory)) {
                refuseShared(other, directory, partitions);
            }
        }
        Claim claim = new Claim(
                sink, directory, partitions.stream().map(FileNames::folded).collect(Collectors.toSet()));
        claims.add(claim);
        return () -> claims.remove(claim);
    }

    private static void refuseShared(Claim other, Path directory, List<String> partitions) {
        for (String partition : partitions) {
            if (other.files.contains(FileNames.folded(partition))) {
                throw new IllegalArgumentException("directory: " + directory + " already takes partition '" + partition
                        + "' of sink '" + other.sink + "'; give each sink a directory, or partitions of its own");
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
