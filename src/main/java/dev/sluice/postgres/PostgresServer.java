package dev.sluice.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts and stops the server of one cluster through pg_ctl, which gives it a session of its own: Ctrl-C does not reach it. */
final class PostgresServer {

    private static final Logger log = LoggerFactory.getLogger(PostgresServer.class);
    private static final Duration FAST = Duration.ofSeconds(20);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int ATTEMPTS = 5;
    private static final long LOG_LIMIT = 10L << 20;

    private final PostgresDirectory directory;
    private final PostgresBinaries binaries;
    private final PostgresAccount account;
    private final Duration startTimeout;

    PostgresServer(
            PostgresDirectory directory, PostgresBinaries binaries, PostgresAccount account, Duration startTimeout) {
        this.directory = directory;
        this.binaries = binaries;
        this.account = account;
        this.startTimeout = startTimeout;
    }

    /** Stops the server that an earlier process left running, if there is one. */
    void stopOrphan() throws IOException {
        Postmaster postmaster = Postmaster.read(directory.cluster());
        switch (postmaster.state()) {
            case NONE -> {}
            case STRANGER -> {
                // The number went to another program: PostgreSQL would take that one for its own and refuse to start.
                log.info("Removing {}: process {} is not this PostgreSQL", postmaster.file(), postmaster.pid());
                Files.deleteIfExists(postmaster.file());
            }
            case RUNNING -> {
                log.warn(
                        "PostgreSQL (process {}) of {} was left running by a killed process: stopping it",
                        postmaster.pid(),
                        directory.home());
                if (!stop("fast") && !stop("immediate")) {
                    throw new DatabaseSetupException(
                            "PostgreSQL (process %d) was left running in %s and could not be stopped."
                                    .formatted(postmaster.pid(), directory.home()),
                            "Stop that process (kill -INT " + postmaster.pid() + ") and start again.");
                }
            }
        }
    }

    /** Starts it on {@code wanted}, where 0 is any free port, and gives the port it listens on. */
    int start(int wanted) throws IOException {
        rotateLog();
        String reason = "";
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = wanted == 0 ? freePort() : wanted;
            long logged = Files.size(directory.log());
            Command start =
                    pgCtl(startTimeout, List.of("start", "-l", directory.log().toString(), "-o", options(port)));
            if (start.succeeded()) {
                return port;
            }
            reason = logSince(logged);
            if (reason.contains("\"postmaster.pid\" already exists")) {
                // A process killed while it started the server: that one came up after we had looked.
                stopOrphan();
            } else if (Postmaster.read(directory.cluster()).state() == Postmaster.State.RUNNING) {
                stop("immediate");
                throw tooSlow();
            } else if (reason.contains("Address already in use")) {
                // A free port may be snatched by another program; a chosen one is not ours to change.
                requireAnyPort(wanted);
            } else if (reason.contains("shared memory block")) {
                // The last processes of a killed server need a moment to go.
                LockSupport.parkNanos(PAUSE.toNanos());
            } else {
                throw failed(reason.isEmpty() ? start.output() : reason);
            }
        }
        throw failed(reason);
    }

    /** Stops it in pg_ctl's {@code mode}; false where it still runs after a while. */
    boolean stop(String mode) {
        return pgCtl(FAST, List.of("stop", "-m", mode)).succeeded()
                || Postmaster.read(directory.cluster()).state() == Postmaster.State.NONE;
    }

    private static void requireAnyPort(int wanted) {
        if (wanted != 0) {
            throw new DatabaseSetupException(
                    "Port " + wanted + " (sluice.postgres.port) is already in use.",
                    "Stop what listens there, choose another port, or leave it out: any free port is used then.");
        }
    }

    private DatabaseSetupException tooSlow() {
        return new DatabaseSetupException(
                "The embedded PostgreSQL in %s was not ready within %s.".formatted(directory.home(), startTimeout),
                "It may be recovering: see %s, and raise sluice.postgres.start-timeout.".formatted(directory.log()));
    }

    // On the command line, where neither postgresql.conf nor ALTER SYSTEM can weaken what an acknowledgement means.
    private static String options(int port) {
        return "-p " + port
                + " -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
                + " -c fsync=on -c synchronous_commit=on -c full_page_writes=on"
                + " -c password_encryption=scram-sha-256";
    }

    private Command pgCtl(Duration wait, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                binaries.program("pg_ctl").toString(),
                "-D",
                directory.cluster().toString(),
                "-w",
                "-t",
                Long.toString(wait.toSeconds())));
        command.addAll(arguments);
        return Command.run(directory.home(), wait.plusSeconds(30), account.command(command));
    }

    private void rotateLog() throws IOException {
        Path file = directory.log();
        if (Files.exists(file) && Files.size(file) > LOG_LIMIT) {
            Files.move(file, file.resolveSibling("log.old"), StandardCopyOption.REPLACE_EXISTING);
        }
        if (!Files.exists(file)) {
            Files.createFile(file);
        }
        // Statements in it may quote records.
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        account.own(file);
    }

    private String logSince(long position) throws IOException {
        byte[] all = Files.readAllBytes(directory.log());
        int from = (int) Math.min(position, all.length);
        return new String(all, from, all.length - from, StandardCharsets.UTF_8).strip();
    }

    private DatabaseSetupException failed(String reason) {
        return new DatabaseSetupException(
                "The embedded PostgreSQL in " + directory.home() + " did not start: " + reason,
                "See " + directory.log() + ", or set spring.datasource.url to a PostgreSQL server.");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            return socket.getLocalPort();
        }
    }
}
