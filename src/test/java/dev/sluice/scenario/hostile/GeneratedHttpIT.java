package dev.sluice.scenario.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.scenario.Answer;
import dev.sluice.scenario.Client;
import dev.sluice.scenario.InProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Requests in a row on one connection, each of them perhaps spoiled in some way. Whatever is sent: each answer is one that
 * the description has, belongs to its request, and what was committed is what was answered as committed. Nothing that
 * stands in a body is ever taken for a request. {@code -Dsluice.test.hostile-requests=50000} for a long run, and
 * {@code -Dsluice.test.hostile-seed} for the one that failed.
 */
class GeneratedHttpIT {

    private static final int REQUESTS = Integer.getInteger("sluice.test.hostile-requests", 4_000);
    private static final long SEED = Long.getLong("sluice.test.hostile-seed", 20_261_130L);
    private static final int MOST_IN_A_ROW = 8;
    /* None becomes another one, or what is not to be written, by some bits that flip. */
    private static final List<String> PARTITIONS = List.of("alpha", "bravo", "charlie", "delta");
    private static final JsonMapper JSON = new JsonMapper();

    private static InProcess open;
    private static InProcess guarded;
    private static Client ofGuarded;
    private static String key;
    private static Described described;

    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong committed = new AtomicLong();

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        described = new Described();
        List<String> settings = List.of(
                "sluice.sinks.hostile.type=table",
                "sluice.sinks.hostile.partitions=smuggled," + String.join(",", PARTITIONS),
                "sluice.limits.body-size=64KB");
        open = InProcess.start(settings.toArray(String[]::new));
        List<String> withKeys = new ArrayList<>(settings);
        Path file = directory.resolve("administrator.key");
        withKeys.add("sluice.keys.administrator-file=" + file);
        guarded = InProcess.start(withKeys.toArray(String[]::new));
        Client admin = guarded.client().as(Files.readString(file).strip());
        key = admin.post(
                        "/keys",
                        Client.JSON,
                        "{\"note\":\"a test\",\"grants\":[{\"sinks\":\"*\",\"verbs\":[\"write\",\"read\",\"define\"]}]}")
                .text("key");
        ofGuarded = guarded.client().as(key);
    }

    @AfterAll
    static void stop() {
        open.close();
        guarded.close();
    }

    /** Where a writer sends to. */
    private record Service(Client client, String key) {}

    @Test
    void answersEachRequestAsDescribedAndNothingElse() throws Exception {
        ExecutorService writers = Executors.newFixedThreadPool(PARTITIONS.size());
        try {
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int i = 0; i < PARTITIONS.size(); i++) {
                int writer = i;
                Service service = i % 2 == 0 ? new Service(open.client(), "") : new Service(ofGuarded, key);
                tasks.add(() -> write(service, writer));
            }
            for (Future<Void> task : writers.invokeAll(tasks)) {
                task.get();
            }
        } finally {
            writers.shutdownNow();
        }
        System.out.printf(
                "%,d hostile requests, seed %d: %,d answers, %,d records committed%n",
                sent.get(), SEED, answered.get(), committed.get());
        assertThat(committed.get()).isPositive();
        for (Client client : List.of(open.client(), ofGuarded)) {
            client.snapshot("hostile", "smuggled").has("nextOffset", 0);
        }
    }

    private Void write(Service service, int writer) throws IOException {
        String partition = PARTITIONS.get(writer);
        long next = 0;
        for (long i = writer; sent.get() < REQUESTS; i += PARTITIONS.size()) {
            long seed = SEED + i * 1_000_003;
            List<Draft> drafts = drafts(new Random(seed), partition, service.key(), next);
            sent.addAndGet(drafts.size());
            List<String> texts = drafts.stream().map(Draft::text).toList();
            String all = Wire.tell(service.client().port(), texts);
            try {
                List<WireAnswer> answers =
                        WireAnswer.split(all, drafts.stream().map(Draft::isHead).toList());
                answered.addAndGet(answers.size());
                long written = judge(drafts, answers, partition);
                committed.addAndGet(written);
                next += written;
                Answer snapshot = service.client().snapshot("hostile", partition);
                assertThat(snapshot.number("nextOffset"))
                        .as("what is committed is what was answered as committed")
                        .isEqualTo(next);
                assertThat(service.client().snapshot("hostile", "smuggled").number("nextOffset"))
                        .as("what was taken for a request of a body")
                        .isZero();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        e.getMessage() + "\n=== connection " + i + " of seed " + SEED + "\n=== sent "
                                + drafts.stream().map(draft -> draft.mutations).toList() + "\n"
                                + String.join("\n---\n", texts) + "\n=== heard\n" + all,
                        e);
            }
        }
        return null;
    }

    private static List<Draft> drafts(Random random, String partition, String key, long next) {
        Requests requests = new Requests(random, partition, key);
        List<Draft> drafts = new ArrayList<>();
        int count = 1 + random.nextInt(MOST_IN_A_ROW);
        for (int i = 0; i < count; i++) {
            Draft draft = requests.any(next);
            if (random.nextInt(3) == 0) {
                int mutations = 1 + random.nextInt(2);
                for (int j = 0; j < mutations; j++) {
                    Mutations.Mutation mutation = Mutations.pick(random, Mutations.ALL);
                    mutation.how().accept(draft, random);
                    draft.mutations.add(mutation.name());
                }
            }
            drafts.add(draft);
        }
        return drafts;
    }

    /** Returns how many records the answers say were committed. */
    private static long judge(List<Draft> drafts, List<WireAnswer> answers, String partition) {
        long written = 0;
        boolean spoiled = false;
        for (int i = 0; i < answers.size(); i++) {
            WireAnswer answer = answers.get(i);
            boolean isLast = i == answers.size() - 1;
            Draft draft = i < drafts.size() ? drafts.get(i) : null;
            if (spoiled && isLast && answer.status() == 400 && !belongs(draft, answer)) {
                // What the spoiled one has left over is no request: told, and the end of the connection.
                described.check(answer, described.ofAnyRequest());
                return written;
            }
            assertThat(draft).as("the request of an answer: %s", answer).isNotNull();
            spoiled |= draft.isMutated();
            if (draft.isMutated()) {
                Set<Integer> statuses = new TreeSet<>(described.of(draft.operation));
                statuses.addAll(described.ofOtherMethod(draft.operation, draft.method));
                statuses.addAll(described.ofAnyRequest());
                described.check(answer, statuses);
            } else {
                described.check(answer, described.of(draft.operation));
                assertThat(belongs(draft, answer))
                        .as("%s belongs to %s", answer, draft.text())
                        .isTrue();
            }
            if (answer.status() == 200 && answer.text().contains("\"written\":")) {
                JsonNode body = JSON.readTree(answer.text());
                assertThat(body.path("partition").stringValue("")).isEqualTo(partition);
                written += body.path("written").longValue();
            }
        }
        return written;
    }

    /* Problems name the trace of their request, and batches their offsets. */
    private static boolean belongs(Draft draft, WireAnswer answer) {
        if (draft == null) {
            return false;
        }
        if (answer.status() >= 400) {
            return answer.header("sluice-trace-id").equals(draft.trace);
        }
        return draft.offset < 0 || answer.text().contains("\"offset\":" + draft.offset + ",");
    }
}
