package dev.sluice.resolution;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.access.Needs;
import dev.sluice.access.Verb;
import dev.sluice.audit.Act;
import dev.sluice.audit.AuditTrail;
import dev.sluice.audit.Caller;
import dev.sluice.body.ActBody;
import dev.sluice.body.ActMembers;
import dev.sluice.operator.Audited;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import dev.sluice.request.Work;
import dev.sluice.resolution.Replays.By;
import dev.sluice.security.Access;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Many dead letters at once: how many there are is told first, and has to be said again. */
@RestController
class TaskController {

    private static final Set<String> MEMBERS =
            Set.of(Bodies.FILTER, Bodies.EXPECTED, Bodies.REASON, Bodies.PER_SECOND, Bodies.OVERWRITE);
    private static final String EXAMPLE =
            "{\"filter\": {\"code\": \"23514\"}, \"expected\": 412, \"reason\": \"the constraint is mended\"}";

    /**
     * What a task would be about.
     *
     * @param matching to be sent as {@code expected}
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record PreviewAnswer(String sink, String kind, LetterFilter filter, long matching, boolean dryRun) {}

    record TasksAnswer(String sink, List<Task> tasks) {}

    private final Access access;
    private final LetterAddress address;
    private final LetterPages pages;
    private final TaskStore store;
    private final Tasks tasks;
    private final AuditTrail audit;
    private final TransactionTemplate transactions;
    private final ActBody body;

    TaskController(
            Access access,
            LetterAddress address,
            LetterPages pages,
            TaskStore store,
            Tasks tasks,
            AuditTrail audit,
            TransactionTemplate transactions,
            ActBody body) {
        this.access = access;
        this.address = address;
        this.pages = pages;
        this.store = store;
        this.tasks = tasks;
        this.audit = audit;
        this.transactions = transactions;
        this.body = body;
    }

    @Needs(Verb.OPERATE)
    @PostMapping("/sinks/{sink}/dead-letters/replay")
    ResponseEntity<?> replay(@PathVariable("sink") String sink, HttpServletRequest request) throws IOException {
        ActMembers members = body.read(request, MEMBERS, EXAMPLE);
        address.replayable(sink, members.flag(Bodies.OVERWRITE));
        return begin(Task.REPLAY, sink, members, request);
    }

    @Needs(Verb.OPERATE)
    @PostMapping("/sinks/{sink}/dead-letters/discard")
    ResponseEntity<?> discard(@PathVariable("sink") String sink, HttpServletRequest request) throws IOException {
        ActMembers members = body.read(request, MEMBERS, EXAMPLE);
        address.sink(sink);
        return begin(Task.DISCARD, sink, members, request);
    }

    private ResponseEntity<?> begin(String kind, String sink, ActMembers members, HttpServletRequest request) {
        boolean dryRun = ActBody.dryRun(request);
        LetterFilter filter = Bodies.filter(members);
        // A dry run needs no reason, but refuses what the act would refuse.
        members.text("reason");
        members.flag(Bodies.OVERWRITE);
        Long expected = members.number(Bodies.EXPECTED);
        Long perSecond = members.number(Bodies.PER_SECOND);
        if (perSecond != null && perSecond == 0) {
            throw ActBody.malformed("'perSecond' must be an integer from 1 on, but is 0");
        }
        long matching = pages.count(sink, filter);
        if (dryRun) {
            return json(new PreviewAnswer(sink, kind, filter, matching, true));
        }
        By by = new By(Caller.current(), members.reason());
        if (expected == null || expected != matching) {
            throw Problem.of(
                            ProblemType.DEAD_LETTER_CHANGED,
                            "'expected' is " + (expected == null ? "missing" : expected) + ", but " + matching
                                    + " open dead letters match; nothing was begun. Look at them, and send the number"
                                    + " that you have seen (?dryRun=true tells it)")
                    .with("sink", sink)
                    .with("matching", matching)
                    .exception();
        }
        UUID id = UUID.randomUUID();
        Long auditId = transactions.execute(status -> {
            store.add(id, kind, sink, filter, matching, perSecond, by);
            return audit.add(
                    new Act(
                            "dead-letters-" + kind,
                            sink,
                            filter.partition(),
                            filter,
                            null,
                            Map.of("task", id, "expected", matching),
                            by.reason()),
                    by.caller());
        });
        tasks.begin(sink, id);
        return Audited.with(ResponseEntity.accepted(), auditId)
                .location(URI.create("/tasks/" + id))
                .contentType(MediaType.APPLICATION_JSON)
                .body(task(id));
    }

    @Needs({Verb.READ, Verb.OPERATE})
    @GetMapping("/sinks/{sink}/tasks")
    ResponseEntity<?> list(@PathVariable("sink") String sink) {
        address.sink(sink);
        return json(new TasksAnswer(sink, store.list(sink)));
    }

    @Needs({})
    @GetMapping("/tasks/{id}")
    ResponseEntity<?> get(@PathVariable("id") String id) {
        return json(task(uuid(id), List.of(Verb.READ, Verb.OPERATE)));
    }

    /** Ends a task; what it has settled stays so. */
    @Needs({})
    @DeleteMapping("/tasks/{id}")
    ResponseEntity<?> cancel(@PathVariable("id") String text) {
        UUID id = uuid(text);
        Task task = task(id, List.of(Verb.OPERATE));
        Caller caller = Caller.current();
        Act act = new Act("task-cancel", task.sink(), null, Map.of("task", id), null, null, null);
        AtomicReference<@Nullable Long> auditId = new AtomicReference<>();
        transactions.executeWithoutResult(status -> {
            if (store.end(id, Task.CANCELLED, null)) {
                auditId.set(audit.add(act, caller));
            }
        });
        return Audited.with(ResponseEntity.ok(), auditId.get())
                .contentType(MediaType.APPLICATION_JSON)
                .body(task(id));
    }

    private static UUID uuid(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw unknown(text);
        }
    }

    /* Of a sink that does not exist for whoever asks, there is no task. */
    private Task task(UUID id, List<Verb> anyOf) {
        Task task = task(id);
        if (!Work.currentSender().sees(task.sink())) {
            throw unknown(id.toString());
        }
        access.require(task.sink(), anyOf);
        return task;
    }

    private Task task(UUID id) {
        return store.find(id).orElseThrow(() -> unknown(id.toString()));
    }

    private static RuntimeException unknown(@Nullable String id) {
        return Problem.of(
                        ProblemType.UNKNOWN_TASK,
                        "there is no task '" + id + "'; GET /sinks/{sink}/tasks lists those of a sink")
                .exception();
    }

    private static <T> ResponseEntity<T> json(T body) {
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(body);
    }
}
