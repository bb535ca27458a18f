package dev.sluice.file;

import dev.sluice.file.Manifest.Sealed;
import dev.sluice.file.Manifest.Segment;
import dev.sluice.sink.LostTargetException.Loss;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The immutable files that list a partition's older segments. JSON, one segment a line. */
final class ManifestFiles {

    /* Names are plain ASCII without anything to escape, so these read what is written here. */
    private static final Pattern PREVIOUS =
            Pattern.compile("\"previous\":\\{\"count\":(\\d{1,18}),\"name\":\"([^\"]*)\",\"bytes\":(\\d{1,18})}");
    private static final Pattern SEGMENT =
            Pattern.compile("^\\{\"name\":\"([^\"]+)\",\"bytes\":(\\d{1,18})},?$", Pattern.MULTILINE);

    private final SinkDirectory directory;
    private final SegmentNames names;

    /** What one file says. */
    record Content(Sealed previous, List<Segment> segments) {}

    ManifestFiles(SinkDirectory directory, SegmentNames names) {
        this.directory = directory;
        this.names = names;
    }

    /** Moves all segments of a manifest into a new file, durably. */
    Manifest seal(Manifest manifest) {
        long count = manifest.sealed().count() + manifest.segments().size();
        String name = names.manifest(count);
        byte[] text = text(manifest).getBytes(StandardCharsets.US_ASCII);
        try (FileChannel file = directory.open(name, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            directory.disk().write(file, ByteBuffer.wrap(text), 0);
            directory.disk().force(file);
        } catch (IOException e) {
            deleteUnlisted(name, e);
            throw FileFailure.notWritten(directory.path(name), text.length, e);
        }
        directory.force();
        return new Manifest(Manifest.VERSION, new Sealed(count, name, text.length), List.of());
    }

    /* Gives back its room; nothing depends on it. */
    private void deleteUnlisted(String name, IOException e) {
        try {
            directory.deleteIfExists(name);
        } catch (IOException again) {
            e.addSuppressed(again);
        }
    }

    private static String text(Manifest manifest) {
        Sealed previous = manifest.sealed();
        StringBuilder text = new StringBuilder("{\"version\":" + Manifest.VERSION + ",\"previous\":{\"count\":"
                + previous.count() + ",\"name\":\"" + previous.name() + "\",\"bytes\":" + previous.bytes()
                + "},\"segments\":[\n");
        for (int i = 0; i < manifest.segments().size(); i++) {
            Segment segment = manifest.segments().get(i);
            text.append("{\"name\":\"" + segment.name() + "\",\"bytes\":" + segment.bytes() + "}");
            text.append(i + 1 < manifest.segments().size() ? ",\n" : "\n");
        }
        return text.append("]}\n").toString();
    }

    /** Throws unless the newest file is there and whole. */
    void verify(Sealed sealed) {
        if (sealed.name().isEmpty()) {
            return;
        }
        names.requireManifest(sealed.name());
        OptionalLong size = directory.size(sealed.name());
        Path path = directory.configured().resolve(sealed.name());
        if (size.orElse(-1) < sealed.bytes()) {
            throw FileFailure.lost(
                    size.isEmpty() ? Loss.GONE : Loss.EMPTIED,
                    path + ", which lists the first " + sealed.count() + " segments, "
                            + (size.isEmpty() ? "is missing" : "has only " + size.getAsLong() + " bytes")
                            + ", but should have " + sealed.bytes() + " bytes: acknowledged records are gone.");
        }
        if (size.getAsLong() != sealed.bytes()) {
            throw FileFailure.broken(path + ", which lists the first " + sealed.count() + " segments, has "
                    + size.getAsLong() + " bytes, but should have " + sealed.bytes() + " bytes. Nothing was changed."
                    + " Bring the right one back");
        }
    }

    private String text(String name) throws IOException {
        try (InputStream in = Channels.newInputStream(directory.open(name, StandardOpenOption.READ))) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    Content read(Sealed sealed) {
        verify(sealed);
        Path path = directory.path(sealed.name());
        String text;
        try {
            text = text(sealed.name());
        } catch (IOException e) {
            throw FileFailure.unavailable(path, "cannot be read", e);
        }
        Matcher previous = PREVIOUS.matcher(text);
        if (!previous.find()) {
            throw FileFailure.broken(path + " is not a manifest of this sink. Bring the right one back from a backup");
        }
        List<Segment> segments = new ArrayList<>();
        Matcher line = SEGMENT.matcher(text);
        while (line.find()) {
            segments.add(new Segment(line.group(1), Long.parseLong(line.group(2))));
        }
        return new Content(
                new Sealed(Long.parseLong(previous.group(1)), previous.group(2), Long.parseLong(previous.group(3))),
                segments);
    }
}
