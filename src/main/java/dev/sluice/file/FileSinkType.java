package dev.sluice.file;

import dev.sluice.file.FileSinkProperties.Layout;
import dev.sluice.sink.Guarantee;
import dev.sluice.sink.Place;
import dev.sluice.sink.Reach;
import dev.sluice.sink.ReservedDirectories;
import dev.sluice.sink.SinkType;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.stereotype.Component;

/** {@code type: file}. */
@Component
@EnableConfigurationProperties(FileProperties.class)
class FileSinkType implements SinkType<FileSinkProperties> {

    private final Clock clock;
    private final Disk disk;
    private final FileHandles handles;
    private final Set<Path> distrusted = ConcurrentHashMap.newKeySet();
    private final Claims claims = new Claims();
    private final FileProperties shared;
    private final ReservedDirectories reserved;

    @Autowired
    FileSinkType(ObjectProvider<Clock> clock, FileProperties shared, ObjectProvider<ReservedDirectories> reserved) {
        this(
                clock.getIfAvailable(Clock::systemUTC),
                Disk.REAL,
                new FileHandles(shared.mostOpen()),
                shared,
                reserved.getIfAvailable(() -> ReservedDirectories.NONE));
    }

    FileSinkType(Clock clock, Disk disk, FileHandles handles) {
        this(clock, disk, handles, new FileProperties(null, null), ReservedDirectories.NONE);
    }

    private FileSinkType(
            Clock clock, Disk disk, FileHandles handles, FileProperties shared, ReservedDirectories reserved) {
        this.clock = clock;
        this.disk = disk;
        this.handles = handles;
        this.shared = shared;
        this.reserved = reserved;
    }

    @Override
    public String name() {
        return "file";
    }

    @Override
    public Class<FileSinkProperties> settingsType() {
        return FileSinkProperties.class;
    }

    @Override
    public Guarantee guarantee(FileSinkProperties settings) {
        return Guarantee.EXACTLY_ONCE;
    }

    @Override
    public boolean takesAnyOrder(FileSinkProperties settings) {
        return true;
    }

    @Override
    public FileSink<?> create(String id, List<String> partitions, FileSinkProperties settings) {
        return create(id, partitions, settings, Reach.ANYWHERE);
    }

    @Override
    public FileSink<?> create(String id, List<String> partitions, FileSinkProperties settings, Reach reach) {
        FileNames.refuseTwins(partitions);
        SinkDirectory directory = directory(settings, reach);
        Watches watches = new Watches(directory, clock);
        Runnable release = claims.claim(id, settings.path(), partitions, directory.confines());
        return switch (settings.layout()) {
            case SINGLE ->
                new FileSink<>(
                        partitions,
                        directory,
                        SingleFilePartition.State.class,
                        new SingleLayout(directory),
                        watches,
                        release);
            case SEGMENTS ->
                new FileSink<>(
                        partitions,
                        directory,
                        Manifest.class,
                        new SegmentLayout(directory, settings, clock),
                        watches,
                        release);
        };
    }

    private SinkDirectory directory(FileSinkProperties settings, Reach reach) {
        Confines confines = new Confines(shared.roots(reach), reserved);
        confines.refusal(settings.path()).ifPresent(why -> {
            throw new IllegalArgumentException("directory: " + why);
        });
        return new SinkDirectory(settings.path(), disk, handles, distrusted, confines);
    }

    @Override
    public FileDynamicSink createDynamic(String id, FileSinkProperties settings) {
        return createDynamic(id, settings, Reach.ANYWHERE);
    }

    @Override
    public FileDynamicSink createDynamic(String id, FileSinkProperties settings, Reach reach) {
        if (settings.layout() != Layout.SINGLE) {
            throw new IllegalArgumentException(
                    "layout: workers write one file each; leave it out, or list partitions in place of workers");
        }
        SinkDirectory directory = directory(settings, reach);
        Runnable release = claims.claim(id, settings.path(), List.of(), directory.confines());
        return new FileDynamicSink(id, directory, new Watches(directory, clock), release);
    }

    @Override
    public Optional<Place<FileSinkProperties>> place(String id, FileSinkProperties settings) {
        Path real = Claims.real(settings.path());
        return Optional.of(new Place<>("directory", (otherId, other) -> {
            Path otherReal = Claims.real(other.path());
            return real.startsWith(otherReal) || otherReal.startsWith(real);
        }));
    }
}
