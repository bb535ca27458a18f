package dev.sluice.request;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Takes from the path of a request which sink and partition it is about. */
@Component
class PathInterceptor implements HandlerInterceptor, WebMvcConfigurer {

    private final Spans spans;

    PathInterceptor(Spans spans) {
        this.spans = spans;
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(this);
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        spans.adopt();
        if (request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE) instanceof Map<?, ?> path
                && path.get("sink") instanceof String sink) {
            Work.isAbout(sink, path.get("partition") instanceof String partition ? partition : null);
        }
        return true;
    }
}
