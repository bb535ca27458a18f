package dev.sluice.problem;

import dev.sluice.request.Trace;
import dev.sluice.request.Work;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import tools.jackson.databind.json.JsonMapper;

/**
 * A problem document in the making: {@code type, title, status, detail, retryable}, members of its own, and as
 * {@code instance} the trace by which the log tells of the same request.
 */
public final class Problem {

    /** The header with the trace of a request that is told a problem. */
    public static final String TRACE_ID = "Sluice-Trace-Id";

    static final String INSTANCE = "urn:trace:";
    private static final JsonMapper JSON = new JsonMapper();

    private final ProblemType type;
    private final int status;
    private final Map<String, Object> members = new LinkedHashMap<>();
    private final Map<String, String> headers = new LinkedHashMap<>();

    private Problem(ProblemType type, int status, String detail) {
        this.type = type;
        this.status = status;
        members.put("type", "/problems/" + type.slug());
        members.put("title", type.title());
        members.put("status", status);
        members.put("detail", detail);
        members.put("retryable", type.retryable());
    }

    /** Starts a problem; {@code detail} says what was wrong, what was expected and what to do. */
    public static Problem of(ProblemType type, String detail) {
        return new Problem(type, type.status(), detail);
    }

    /** Starts a problem with a status that the framework has chosen. */
    static Problem ofStatus(int status, String detail) {
        return new Problem(ProblemType.ofStatus(status), status, detail);
    }

    /** Adds a member, unless the value is null. */
    public Problem with(String name, @Nullable Object value) {
        if (value != null) {
            members.put(name, value);
        }
        return this;
    }

    /** Tells when to come back. */
    public Problem retryAfter(long seconds) {
        headers.put("Retry-After", Long.toString(seconds));
        return this;
    }

    /** Tells which of the sender's preferences were followed, like {@code wait=20}. */
    public Problem applied(String preferences) {
        headers.put("Preference-Applied", preferences);
        return this;
    }

    /** Returns the exception that carries this problem to the answer. */
    public ProblemException exception() {
        return new ProblemException(this);
    }

    /** Returns its kind. */
    public ProblemType type() {
        return type;
    }

    Map<String, Object> members() {
        return members;
    }

    /** Writes the answer from outside of the controllers. */
    public void writeTo(HttpServletResponse response) throws IOException {
        response.setHeader(TRACE_ID, told());
        response.setStatus(status);
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        headers.forEach(response::setHeader);
        byte[] body = JSON.writeValueAsBytes(members);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    /** Returns the answer; its media type is fixed, so that no Accept header can turn it into another failure. */
    public ResponseEntity<Map<String, Object>> answer() {
        ResponseEntity.BodyBuilder answer =
                ResponseEntity.status(status).header(TRACE_ID, told()).contentType(MediaType.APPLICATION_PROBLEM_JSON);
        headers.forEach(answer::header);
        return answer.body(members);
    }

    /* Returns the id of the trace that the document and the log name. */
    private String told() {
        String trace = traceOfRequest();
        members.put("instance", INSTANCE + trace);
        Work.failed(type.slug());
        return trace;
    }

    static String traceOfRequest() {
        Trace trace = Work.currentTrace();
        return (trace == null ? Trace.of(null) : trace).id();
    }
}
