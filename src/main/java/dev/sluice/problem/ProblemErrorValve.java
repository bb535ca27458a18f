package dev.sluice.problem;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;

/** Tells what Tomcat itself refuses (a broken request line, a path it does not take), instead of its HTML page. */
public class ProblemErrorValve extends ErrorReportValve {

    @Override
    protected void report(Request request, Response response, @Nullable Throwable throwable) {
        int status = response.getStatus();
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        ProblemType type = ProblemType.ofStatus(status);
        String body = """
                {"type":"/problems/%s","title":"%s","status":%d,"detail":"%s","retryable":%b}
                """.formatted(
                        type.slug(),
                        type.title(),
                        status,
                        "the HTTP request itself cannot be understood: check its request line, path and headers",
                        type.retryable());
        try {
            response.setContentType("application/problem+json");
            response.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
            response.finishResponse();
        } catch (IOException e) {
            // The client is gone.
        }
    }
}
