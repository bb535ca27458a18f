package dev.sluice.campaign.cluster;

import java.io.IOException;

/** Sends signals to processes by number. */
final class Signals {

    private Signals() {}

    static void send(String name, long pid) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
