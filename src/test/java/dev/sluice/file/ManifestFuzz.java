package dev.sluice.file;

import dev.sluice.fuzz.Refusal;
import java.nio.charset.StandardCharsets;

/** Names of files, which a directory may have been given by anybody. */
public final class ManifestFuzz {

    private ManifestFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        String name = new String(data, StandardCharsets.UTF_8);
        String of = SegmentNames.partitionOf(name);
        Refusal.require(SegmentNames.isAny(name) == !of.isEmpty(), "it is of some partition and of none");
        SegmentNames names = new SegmentNames("orders-0");
        Refusal.require(names.sequence(name) >= 0, "a segment's number is negative");
        if (names.sequence(name) > 0) {
            names.requireSegment(name);
            Refusal.require(name.indexOf('/') < 0, "it leads elsewhere: " + name);
        }
        String encoded = FileNames.encode(name);
        Refusal.require(
                encoded.indexOf('/') < 0 && encoded.indexOf('\0') < 0 && !encoded.startsWith("."),
                "it is no plain name: " + encoded);
    }
}
