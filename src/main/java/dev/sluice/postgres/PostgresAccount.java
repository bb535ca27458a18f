package dev.sluice.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** The operating system user that PostgreSQL runs as: it refuses to run as root, and its files have one owner. */
record PostgresAccount(List<String> prefix, int uid, int gid) {

    private static final int UNCHANGED = -1;
    private static final int NOBODY = 65534;
    private static final Duration PROBE = Duration.ofSeconds(10);

    /** Picks the owner of an existing cluster, otherwise this user, or one without rights in root's place. */
    static PostgresAccount of(Path home, Path cluster) throws IOException {
        int self = currentUid(home);
        if (!Files.exists(cluster)) {
            return self == 0 ? insteadOfRoot(home) : ordinary(home);
        }
        int owner = (int) Files.getAttribute(cluster, "unix:uid");
        if (self != 0 && owner != self) {
            throw new DatabaseSetupException(
                    "The database in %s belongs to user %s (uid %d), and this process runs as uid %d."
                            .formatted(home, Files.getOwner(cluster).getName(), owner, self),
                    "Start it as that user, or set sluice.postgres.directory to another directory.");
        }
        if (self != 0) {
            return new PostgresAccount(List.of(), UNCHANGED, UNCHANGED);
        }
        PostgresAccount account = owner == 0 ? unmapped() : other(owner, (int) Files.getAttribute(cluster, "unix:gid"));
        if (!account.reaches(home)) {
            throw cannotRunAsRoot(home);
        }
        return account;
    }

    List<String> command(List<String> arguments) {
        return Stream.concat(prefix.stream(), arguments.stream()).toList();
    }

    /** Hands a file to this account. */
    void own(Path file) throws IOException {
        if (uid != UNCHANGED) {
            Files.setAttribute(file, "unix:uid", uid);
            Files.setAttribute(file, "unix:gid", gid);
        }
    }

    // initdb wants a name for its user, and a container may run under a bare number: in a namespace it is nobody.
    private static PostgresAccount ordinary(Path home) {
        PostgresAccount self = new PostgresAccount(List.of(), UNCHANGED, UNCHANGED);
        boolean named = Command.run(home, PROBE, List.of("id", "-un")).succeeded();
        return named || !unmapped().reaches(home) ? self : unmapped();
    }

    private static PostgresAccount insteadOfRoot(Path home) {
        return Stream.of(other(NOBODY, NOBODY), unmapped())
                .filter(account -> account.reaches(home))
                .findFirst()
                .orElseThrow(() -> cannotRunAsRoot(home));
    }

    private static PostgresAccount other(int uid, int gid) {
        return new PostgresAccount(
                List.of("setpriv", "--reuid=" + uid, "--regid=" + gid, "--clear-groups", "--"), uid, gid);
    }

    // In a user namespace without a mapping root is nobody to itself, and still the owner of root's files to the
    // kernel.
    private static PostgresAccount unmapped() {
        return new PostgresAccount(List.of("unshare", "-U", "--"), UNCHANGED, UNCHANGED);
    }

    // Asking the kernel settles missing programs, capabilities, seccomp, parents' permissions and ACLs at once.
    private boolean reaches(Path home) {
        return Command.run(Path.of("/"), PROBE, command(List.of("test", "-x", home.toString())))
                .succeeded();
    }

    private static int currentUid(Path home) throws IOException {
        Command id = Command.run(home, PROBE, List.of("id", "-u"));
        if (!id.succeeded()) {
            throw new IOException("id -u failed: " + id.output());
        }
        return Integer.parseInt(id.output());
    }

    private static DatabaseSetupException cannotRunAsRoot(Path home) {
        return new DatabaseSetupException(
                "PostgreSQL does not run as root, and no other user can be used for " + home + ".",
                "Start the service as an ordinary user, set sluice.postgres.directory to a directory below parents that"
                        + " every user may enter, or set spring.datasource.url.");
    }
}
