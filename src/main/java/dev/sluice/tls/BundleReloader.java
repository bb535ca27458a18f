package dev.sluice.tls;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.autoconfigure.ssl.SslProperties;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.scheduling.annotation.SchedulingConfigurer;
import org.springframework.scheduling.config.ScheduledTaskRegistrar;

/**
 * Looks whether the files of bundles have been exchanged. It reads them: notices of the file system do not come from
 * every volume.
 */
final class BundleReloader implements SchedulingConfigurer {

    private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(10);

    private final ReloadedBundles reloaded;
    private final SslBundleRegistry registry;
    private final Duration quiet;

    BundleReloader(ReloadedBundles reloaded, SslBundleRegistry registry, SslProperties properties) {
        this.reloaded = reloaded;
        this.registry = registry;
        this.quiet = properties.getBundle().getWatch().getFile().getQuietPeriod();
    }

    @Override
    public void configureTasks(ScheduledTaskRegistrar registrar) {
        List<WatchedBundle> watched = reloaded.all().stream()
                .map(bundle -> new WatchedBundle(bundle.files(), bundle.fingerprint(), registry, quiet))
                .toList();
        if (!watched.isEmpty()) {
            registrar.addFixedDelayTask(() -> watched.forEach(WatchedBundle::look), pause());
        }
    }

    private Duration pause() {
        Duration half = quiet.dividedBy(2);
        Duration most = half.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : half;
        return most.compareTo(SHORTEST_PAUSE) < 0 ? SHORTEST_PAUSE : most;
    }
}
