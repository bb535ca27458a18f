package dev.sluice.problem;

import dev.sluice.request.Work;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.coyote.AbstractProtocol;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** Tells what Tomcat itself refuses (a broken request line, a path it does not take), instead of its HTML page. */
public class ProblemErrorValve extends ErrorReportValve {

    @Override
    protected void report(Request request, Response response, @Nullable Throwable throwable) {
        if (response.getStatus() < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        /*
         * Tomcat does not read the headers of a request whose line has come when it stopped taking any, and then
         * calls the request bad for the lack of a Host header.
         */
        boolean shuttingDown = request.getConnector().getProtocolHandler() instanceof AbstractProtocol<?> protocol
                && protocol.isPaused();
        ProblemType type = shuttingDown ? ProblemType.OVERLOADED : ProblemType.ofStatus(response.getStatus());
        if (shuttingDown) {
            response.setStatus(type.status());
            response.setHeader(HttpHeaders.RETRY_AFTER, "1");
        }
        write(
                response,
                type,
                shuttingDown
                        ? "this process shuts down and has not read the request; nothing was written: send it again,"
                                + " to another replica if there is one"
                        : "the HTTP request itself cannot be understood: check its request line, path and headers,"
                                + " Host before all");
    }

    private static void write(Response response, ProblemType type, String detail) {
        String trace = Problem.traceOfRequest();
        Work.failed(type.slug());
        String body = """
                {"type":"/problems/%s","title":"%s","status":%d,"detail":"%s","retryable":%b,"instance":"%s"}
                """.formatted(
                type.slug(), type.title(), response.getStatus(), detail, type.retryable(), Problem.INSTANCE + trace);
        try {
            response.setHeader(Problem.TRACE_ID, trace);
            response.setContentType("application/problem+json");
            response.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
            response.finishResponse();
        } catch (IOException e) {
            // The client is gone.
        }
    }
}
