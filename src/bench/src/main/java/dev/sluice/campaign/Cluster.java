package dev.sluice.campaign;

import dev.sluice.bench.service.Image;
import dev.sluice.campaign.cluster.Postgres;
import dev.sluice.campaign.cluster.Preloads;
import dev.sluice.campaign.cluster.Proxy;
import dev.sluice.campaign.cluster.ServiceNode;
import dev.sluice.campaign.cluster.Target;
import dev.sluice.campaign.nemesis.Faults;
import dev.sluice.campaign.stream.History;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** All processes of a campaign, and what lies between them. */
final class Cluster implements AutoCloseable {

    private static final int READY_SECONDS = 180;
    private static final int FIRST_WITH_CACHE = 25;

    final Postgres postgres;
    final Target target;
    final Preloads preloads;
    final Path administratorKey;
    final List<Proxy> proxies = new ArrayList<>();
    final List<ServiceNode> services = new ArrayList<>();

    private Cluster(Postgres postgres, Target target, Preloads preloads, Path administratorKey) {
        this.administratorKey = administratorKey;
        this.postgres = postgres;
        this.target = target;
        this.preloads = preloads;
    }

    static Cluster start(Options options, Path home, Path files, Sinks sinks, History history)
            throws IOException, InterruptedException, SQLException {
        Target target = new Target(history);
        Preloads found = Preloads.find(home);
        // Nothing stands between a program and the system that is not needed.
        Preloads preloads = found.only(
                options.mayInflict(Faults.BROKEN_DISK, Faults.DATABASE_DISK_FULL, Faults.DATABASE_DISK_BROKEN),
                options.mayInflict(Faults.CLOCK_JUMP));
        if (!found.canFail()) {
            System.out.println("There is no libfiu (Debian: fiu-utils): no disk breaks, the database's is never full.");
        }
        if (!found.canSetClocks()) {
            System.out.println("There is no libfaketime (Debian: libfaketime): no clock jumps.");
        }
        Cluster cluster = new Cluster(
                Postgres.create(home, options.standby()),
                target,
                preloads,
                Files.createDirectory(home.resolve("keys")).resolve("administrator.key"));
        try {
            cluster.startServices(options, home, sinks.configure(home.resolve("sinks.yaml"), files, target.url()));
            return cluster;
        } catch (IOException | InterruptedException e) {
            cluster.close();
            throw e;
        }
    }

    private void startServices(Options options, Path home, Path sinks) throws IOException, InterruptedException {
        Path image = Image.extract(options.java().program(), options.jar(), home);
        String first = options.classes().isEmpty() ? "" : options.classes() + ":";
        List<String> main = List.of("-cp", first + image.resolve("sluice.jar"), "dev.sluice.SluiceApplication");
        for (int i = 0; i < options.services(); i++) {
            proxies.add(new Proxy(postgres::port, options.seed() + i));
        }
        Path cache = home.resolve("sluice.aot");
        if (options.classes().isEmpty() && options.java().major() >= FIRST_WITH_CACHE) {
            // It halves a start, as well. This one makes the tables, too.
            ServiceNode training = start(
                    "training",
                    options,
                    home,
                    sinks,
                    proxies.get(0),
                    preloads.only(false, false),
                    jvm("AOTCacheOutput", cache),
                    main);
            training.awaitReady(READY_SECONDS);
            training.stop();
        }
        List<String> jvm = Files.exists(cache) ? jvm("AOTCache", cache) : List.of();
        for (int i = 0; i < options.services(); i++) {
            boolean last = i == options.services() - 1;
            Preloads own = preloads.only(options.mayInflict(Faults.BROKEN_DISK), last);
            services.add(start("service-" + i, options, home, sinks, proxies.get(i), own, jvm, main));
            if (i == 0) {
                // The first one makes the tables.
                services.get(0).awaitReady(READY_SECONDS);
            }
        }
        for (ServiceNode service : services) {
            service.awaitReady(READY_SECONDS);
        }
    }

    private static List<String> jvm(String option, Path cache) {
        return List.of("-XX:" + option + "=" + cache, "-Xlog:aot=off");
    }

    private ServiceNode start(
            String name,
            Options options,
            Path home,
            Path sinks,
            Proxy proxy,
            Preloads own,
            List<String> jvm,
            List<String> main)
            throws IOException {
        List<String> program = new ArrayList<>(List.of(
                options.java().program().toString(),
                "-Xmx256m",
                // Less to start: what takes half the time is killed twice as often.
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError"));
        program.addAll(jvm);
        program.addAll(main);
        Path directory = home.resolve(name);
        return ServiceNode.start(
                name,
                program,
                directory,
                List.of(
                        "spring.config.additional-location=file:" + sinks,
                        "spring.datasource.url=jdbc:postgresql://127.0.0.1:" + proxy.port() + "/postgres",
                        "spring.datasource.username=" + postgres.database().username(),
                        "spring.datasource.password=" + postgres.database().password(),
                        "sluice.keys.administrator-file=" + administratorKey,
                        "sluice.spool.directory=" + Files.createDirectories(directory.resolve("spool"))),
                own);
    }

    /** Undoes whatever a fault has left, and waits until all is well. */
    void heal() throws IOException, InterruptedException {
        proxies.forEach(Proxy::heal);
        target.mood(Target.Mood.WELL);
        postgres.start();
        for (ServiceNode service : services) {
            if (service.isAlive()) {
                service.resume();
                service.limit("fsize", "unlimited");
                service.limit("nofile", "4096");
                service.breakDisk(0, 0);
            }
            service.setClockOff(0);
            service.awaitReady(READY_SECONDS);
        }
    }

    List<Integer> ports() {
        return services.stream().map(ServiceNode::port).toList();
    }

    @Override
    public void close() throws IOException {
        for (ServiceNode service : services) {
            service.close();
        }
        for (Proxy proxy : proxies) {
            proxy.close();
        }
        target.close();
        postgres.close();
    }
}
