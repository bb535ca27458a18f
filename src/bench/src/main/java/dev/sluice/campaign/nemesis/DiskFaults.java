package dev.sluice.campaign.nemesis;

import dev.sluice.campaign.cluster.SmallDisk;
import java.util.List;

/** What becomes of the disk of the file sinks. */
final class DiskFaults {

    static final String FILL_DISK = "fill-disk";

    private static final int MOST = 6_000;

    private final SmallDisk disk;
    private final Pauses pauses;

    DiskFaults(SmallDisk disk, Pauses pauses) {
        this.disk = disk;
        this.pauses = pauses;
    }

    List<Fault> all() {
        if (!disk.mounted()) {
            return List.of();
        }
        return List.of(new Fault(FILL_DISK, "disk", random -> {
            try {
                disk.fill(random.nextInt(64 * 1024));
                pauses.upTo(random, MOST);
            } finally {
                disk.makeRoom();
            }
        }));
    }
}
