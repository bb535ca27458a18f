package dev.sluice.ingest;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Answers batches. Writes the bytes itself, with their length, so that an answer is one packet and not two. */
@Component
class AnswerWriter {

    private final JsonMapper json;

    AnswerWriter(JsonMapper json) {
        this.json = json;
    }

    /** Writes an answer, with the preferences that were applied; its media type is fixed: an Accept header must not turn a commit into a failure. */
    void write(HttpServletResponse response, HttpStatus status, String applied, Object answer) throws IOException {
        byte[] body = json.writeValueAsBytes(answer);
        response.setStatus(status.value());
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.setContentLength(body.length);
        if (!applied.isEmpty()) {
            response.setHeader("Preference-Applied", applied);
        }
        response.getOutputStream().write(body);
    }
}
