package dev.sluice.campaign.nemesis;

import dev.sluice.campaign.stream.History;
import dev.sluice.campaign.stream.Services;
import dev.sluice.campaign.stream.Silence;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an operator does in the midst of everything: pauses what comes in or what is delivered, and lets it go on. Once
 * all replicas know of it, what comes must be refused, whatever becomes of the replicas meanwhile.
 */
final class OperatorFaults {

    private static final String GROUP = "operator";
    private static final int ATTEMPTS = 240;
    private static final Pattern EFFECT = Pattern.compile("\"effectiveOn\":\"(\\d+)/(\\d+)\"");

    /**
     * Something to pause.
     *
     * @param silent the sink that takes nothing then; empty where it goes on
     */
    private record Tap(String sink, String what, String silent) {}

    private static final List<Tap> TAPS = List.of(
            new Tap("rows", "intake", "rows"),
            new Tap("lines", "both", "lines"),
            new Tap("calls", "intake", "calls"),
            new Tap("keyed", "intake", "keyed"),
            new Tap("keyed-lines", "intake", "keyed-lines"),
            new Tap("buffered", "intake", "buffered"),
            new Tap("both", "intake", "both"),
            new Tap("letters", "intake", "letters"),
            new Tap("calls-letters", "intake", "calls-letters"),
            new Tap("both-letters-rows", "intake", "both-letters"),
            new Tap("buffered-letters-rows", "intake", ""),
            new Tap("sent-letters", "delivery", ""),
            new Tap("both-lines", "intake", "both"),
            new Tap("twice-rows", "intake", "twice"),
            new Tap("buffered", "delivery", ""),
            new Tap("sent-later", "delivery", ""),
            new Tap("buffered-rows", "intake", ""),
            new Tap("sent", "intake", ""));

    private final Services services;
    private final Silence silence;
    private final History history;
    private final Pauses pauses;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    OperatorFaults(Services services, Silence silence, History history, Pauses pauses) {
        this.services = services;
        this.silence = silence;
        this.history = history;
        this.pauses = pauses;
    }

    List<Fault> all() {
        return List.of(new Fault("pause-sink", GROUP, this::pause), new Fault("drain-buffer", GROUP, this::drain));
    }

    private void pause(Random random) throws InterruptedException {
        Tap tap = TAPS.get(random.nextInt(TAPS.size()));
        holdBack(tap, "pause", "{\"what\":\"" + tap.what() + "\",\"reason\":\"campaign\"}", random);
    }

    private void drain(Random random) throws InterruptedException {
        holdBack(new Tap("buffered", "intake", "buffered"), "drain", "{\"reason\":\"campaign\"}", random);
    }

    private void holdBack(Tap tap, String act, String body, Random random) throws InterruptedException {
        try {
            String answer = post(random, tap.sink(), act, body);
            Matcher effect = EFFECT.matcher(answer);
            // Where nothing was to be changed, somebody's earlier try was done, and who knows of it is not told.
            boolean everywhere = effect.find() && effect.group(1).equals(effect.group(2));
            if (everywhere && !tap.silent().isEmpty()) {
                silence.begin(tap.silent());
            }
            pauses.upTo(random, 6_000);
        } finally {
            silence.end(tap.silent());
            post(random, tap.sink(), "resume", "{\"reason\":\"campaign\"}");
        }
    }

    /* Until it is done: what is paused for good would be found to be broken. */
    private String post(Random random, String sink, String act, String body) throws InterruptedException {
        for (int i = 0; i < ATTEMPTS; i++) {
            int port = services.port(random);
            try {
                HttpResponse<String> answer = http.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/sinks/" + sink + "/" + act))
                                .header("Content-Type", "application/json")
                                .header("Authorization", services.authorization())
                                .timeout(Duration.ofSeconds(20))
                                .POST(BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofString());
                history.add("OPERATOR " + act + " " + sink + " at " + port + ": " + answer.statusCode() + " "
                        + answer.body());
                if (answer.statusCode() == 200) {
                    return answer.body();
                }
                if (answer.statusCode() / 100 == 4 && answer.statusCode() != 429 && answer.statusCode() != 408) {
                    history.violation(act + " of " + sink + " is refused: " + answer.body());
                    return "";
                }
            } catch (IOException e) {
                history.add("OPERATOR " + act + " " + sink + " at " + port + ": " + e);
            }
            Thread.sleep(250);
        }
        throw new IllegalStateException(act + " of " + sink + " is not done");
    }
}
