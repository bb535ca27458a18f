package dev.sluice.problem;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;

/** Remembers the problems that controllers and advices answer with; filters do so themselves. */
@RestControllerAdvice
class ProblemRecorder implements ResponseBodyAdvice<Object> {

    private final RecentProblems recent;

    ProblemRecorder(RecentProblems recent) {
        this.recent = recent;
    }

    @Override
    public boolean supports(MethodParameter method, Class<? extends HttpMessageConverter<?>> converter) {
        return true;
    }

    @Override
    public @Nullable Object beforeBodyWrite(
            @Nullable Object body,
            MethodParameter method,
            MediaType type,
            Class<? extends HttpMessageConverter<?>> converter,
            ServerHttpRequest request,
            ServerHttpResponse response) {
        if (MediaType.APPLICATION_PROBLEM_JSON.equals(type) && body instanceof Map<?, ?> members) {
            recent.add(members);
        }
        return body;
    }
}
