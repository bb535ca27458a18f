package dev.sluice.campaign.nemesis;

import dev.sluice.campaign.stream.History;
import dev.sluice.campaign.stream.Records;
import dev.sluice.campaign.stream.Services;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * What operators do about dead letters in the midst of everything, several of them at once and through any of the
 * services: list, edit, replay, discard, one by one and as tasks, and set aside what has not come yet. Two who want
 * different things of one dead letter must not both be told that it is done.
 */
final class LetterFaults {

    private static final String GROUP = "letters";
    private static final String REASON = "{\"reason\":\"campaign\"}";
    private static final String LETTERS = "/dead-letters/";
    private static final int OPERATORS = 3;
    /* Dead letters belong to the sink that refuses, behind a buffer or a fan-out as well. */
    private static final List<String> SINKS = List.of(
            "letters",
            "keyed-letters",
            "stopped",
            "calls-letters",
            "buffered-letters-rows",
            "sent-letters-calls",
            "both-letters-rows",
            "twice-letters-rows");
    /* Said to a buffer or a fan-out, it holds for the targets behind it. */
    private static final List<String> SET_ASIDE = List.of(
            "/sinks/letters/partitions/d",
            "/sinks/calls-letters/partitions/q",
            "/sinks/buffered-letters/partitions/v",
            "/sinks/both-letters/partitions/z");
    private static final Pattern LETTER = Pattern.compile("\"partition\":\"([a-z0-9]+)\",\"offset\":(\\d+)");
    private static final Pattern MATCHING = Pattern.compile("\"matching\":(\\d+)");
    private static final Pattern NEXT = Pattern.compile("\"nextOffset\":\"?(\\d+)");
    private static final Pattern RECORD = Pattern.compile("\"record\":(\\{\"s\":.*?\"p\":\"(?:[^\"\\\\]|\\\\.)*\"\\})");

    /** What a service said, with status 0 where there was no whole answer. */
    private record Said(int status, String body, String etag) {

        long number(Pattern pattern, long otherwise) {
            Matcher matcher = pattern.matcher(body);
            return matcher.find() ? Long.parseLong(matcher.group(1)) : otherwise;
        }
    }

    private final Services services;
    private final History history;
    private final Pauses pauses;
    private final AtomicBoolean stop;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    LetterFaults(Services services, History history, Pauses pauses, AtomicBoolean stop) {
        this.services = services;
        this.history = history;
        this.pauses = pauses;
        this.stop = stop;
    }

    List<Fault> all() {
        return List.of(new Fault("operate-letters", GROUP, this::operate));
    }

    private void operate(Random random) throws InterruptedException {
        AtomicBoolean over = new AtomicBoolean();
        List<CompletableFuture<Void>> operators = IntStream.range(0, OPERATORS)
                .mapToObj(i -> new Random(random.nextLong()))
                .map(own -> CompletableFuture.runAsync(() -> {
                    while (!over.get() && !stop.get()) {
                        act(own);
                    }
                }))
                .toList();
        pauses.upTo(random, 8_000);
        over.set(true);
        operators.forEach(CompletableFuture::join);
    }

    private void act(Random random) {
        String sink = "/sinks/" + SINKS.get(random.nextInt(SINKS.size()));
        switch (random.nextInt(12)) {
            case 0 -> task(random, sink, "replay");
            case 1 -> task(random, sink, "discard");
            case 2 -> setAside(random);
            default -> oneByOne(random, sink);
        }
    }

    private void oneByOne(Random random, String sink) {
        Said page = get(random, sink + "/dead-letters?limit=200");
        List<String> letters = new ArrayList<>();
        Matcher letter = LETTER.matcher(page.body());
        while (letter.find()) {
            letters.add(sink + "/partitions/" + letter.group(1) + LETTERS + letter.group(2));
        }
        if (letters.isEmpty()) {
            pause();
            return;
        }
        for (int i = 0; i < 8; i++) {
            String one = letters.get(random.nextInt(letters.size()));
            switch (random.nextInt(8)) {
                case 0 -> post(random, one + "/replay");
                case 1 -> post(random, one + "/discard");
                case 2 -> mend(random, one);
                case 3, 4 -> {
                    mend(random, one);
                    post(random, one + "/replay");
                }
                default -> {
                    mend(random, one);
                    both(random, one);
                }
            }
        }
    }

    private void mend(Random random, String letter) {
        Said found = get(random, letter);
        Matcher record = RECORD.matcher(found.body());
        if (found.status() == 200 && record.find()) {
            send(
                    random,
                    HttpRequest.newBuilder(at(random, letter))
                            .header("Content-Type", "application/json")
                            .header("If-Match", found.etag())
                            .PUT(BodyPublishers.ofString(Records.mended(record.group(1)))));
        }
    }

    /* One replays and one discards, at the same time. */
    private void both(Random random, String letter) {
        Random theirs = new Random(random.nextLong());
        CompletableFuture<Said> other = CompletableFuture.supplyAsync(() -> post(theirs, letter + "/discard"));
        Said replayed = post(random, letter + "/replay");
        if (replayed.status() == 200 && other.join().status() == 200) {
            history.violation(letter + " is replayed and discarded: " + replayed.body());
        }
        other.join();
    }

    private void task(Random random, String sink, String kind) {
        String path = sink + "/dead-letters/" + kind;
        Said preview = post(random, path + "?dryRun=true");
        long matching = preview.number(MATCHING, 0);
        // Few are discarded at once, or there is nothing left to replay.
        if (matching > 0 && (kind.equals("replay") || matching < 50)) {
            post(random, path, "{\"reason\":\"campaign\",\"expected\":" + matching + "}");
        }
    }

    /* What comes next may be refused, and most of it is not. */
    private void setAside(Random random) {
        String partition = SET_ASIDE.get(random.nextInt(SET_ASIDE.size())) + random.nextInt(2);
        long next = get(random, partition + "/snapshot").number(NEXT, -1);
        if (next >= 0) {
            post(
                    random,
                    partition + "/set-aside",
                    "{\"reason\":\"campaign\",\"offset\":" + (next + random.nextInt(500)) + "}");
        }
    }

    private Said get(Random random, String path) {
        return send(random, HttpRequest.newBuilder(at(random, path)).GET());
    }

    private Said post(Random random, String path) {
        return post(random, path, REASON);
    }

    private Said post(Random random, String path, String body) {
        return send(
                random,
                HttpRequest.newBuilder(at(random, path))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body)));
    }

    private URI at(Random random, String path) {
        return URI.create("http://127.0.0.1:" + services.port(random) + path);
    }

    private Said send(Random random, HttpRequest.Builder builder) {
        HttpRequest request = builder.header("Authorization", services.authorization())
                .timeout(Duration.ofSeconds(5 + random.nextInt(15)))
                .build();
        String what = "OPERATOR " + request.method() + " " + request.uri() + ": ";
        try {
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
            Said said = new Said(
                    answer.statusCode(),
                    answer.body(),
                    answer.headers().firstValue("ETag").orElse(""));
            if (!request.method().equals("GET")) {
                history.add(what + said.status() + " " + said.body());
            }
            judge(what, said);
            if (said.status() >= 500 || said.status() == 429) {
                pause();
            }
            return said;
        } catch (IOException e) {
            history.add(what + e);
            pause();
            return new Said(0, "", "");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Said(0, "", "");
        }
    }

    /* Somebody else was earlier, the writer took it back, or it is still refused: nothing else is in the way. */
    private void judge(String what, Said said) {
        boolean taken = said.status() == 409 && said.body().contains("/problems/dead-letter-changed")
                || said.status() == 404 && said.body().contains("/problems/unknown-dead-letter")
                || said.status() == 422 && said.body().contains("/problems/record-rejected");
        if (said.body().contains("/problems/internal-error")
                || said.status() / 100 == 4 && !taken && said.status() != 408 && said.status() != 429) {
            history.violation(what + said.status() + " " + said.body());
        }
    }

    private static void pause() {
        try {
            Thread.sleep(200);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
