package dev.sluice.bench.question;

import dev.sluice.bench.load.HttpLoad;
import dev.sluice.bench.process.Child;
import dev.sluice.bench.process.Jvm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Sends the same requests to somebody who is not Sluice. */
final class Direct {

    private static final Duration LIMIT = Duration.ofMinutes(10);

    private Direct() {}

    /** Sends them, and counts afterwards that all that was acknowledged has arrived. */
    static LoadResult load(Path directory, String url, Place place, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("--url", url, "--any-answer"));
        command.addAll(List.of(arguments));
        long[] before = place.counted();
        LoadResult result = LoadResult.of(
                Child.run(directory, "load", LIMIT, Map.of(), Jvm.command(HttpLoad.class.getName(), command)));
        place.requireArrived(before, result.acknowledged());
        return result;
    }
}
