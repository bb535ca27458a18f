package dev.sluice.file;

import dev.sluice.file.FileSinkProperties.Layout;
import dev.sluice.sink.Guarantee;
import dev.sluice.sink.SinkType;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
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

    @Autowired
    FileSinkType(ObjectProvider<Clock> clock, FileProperties shared) {
        this(clock.getIfAvailable(Clock::systemUTC), Disk.REAL, new FileHandles(shared.mostOpen()));
    }

    FileSinkType(Clock clock, Disk disk, FileHandles handles) {
        this.clock = clock;
        this.disk = disk;
        this.handles = handles;
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
        FileNames.refuseTwins(partitions);
        SinkDirectory directory = directory(settings);
        Watches watches = new Watches(directory, clock);
        Runnable release = claims.claim(id, settings.path(), partitions);
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

    private SinkDirectory directory(FileSinkProperties settings) {
        return new SinkDirectory(settings.path(), disk, handles, distrusted);
    }

    @Override
    public FileDynamicSink createDynamic(String id, FileSinkProperties settings) {
        if (settings.layout() != Layout.SINGLE) {
            throw new IllegalArgumentException(
                    "layout: workers write one file each; leave it out, or list partitions in place of workers");
        }
        SinkDirectory directory = directory(settings);
        return new FileDynamicSink(id, directory, new Watches(directory, clock));
    }
}
