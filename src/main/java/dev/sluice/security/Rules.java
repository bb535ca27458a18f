package dev.sluice.security;

import dev.sluice.access.Needs;
import dev.sluice.access.Verb;
import dev.sluice.request.Work;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Holds every route to what it {@link Needs}, before its body is read. The service does not start with a route that
 * does not say so.
 */
@Component
class Rules implements HandlerInterceptor, WebMvcConfigurer, SmartInitializingSingleton {

    private static final String OWN = "dev.sluice.";

    private final Access access;
    private final ObjectProvider<RequestMappingHandlerMapping> mappings;

    Rules(Access access, ObjectProvider<RequestMappingHandlerMapping> mappings) {
        this.access = access;
        this.mappings = mappings;
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(this);
    }

    @Override
    public void afterSingletonsInstantiated() {
        mappings.stream()
                .flatMap(mapping -> mapping.getHandlerMethods().values().stream())
                .filter(method -> method.getBeanType().getName().startsWith(OWN))
                .filter(method -> method.getMethodAnnotation(Needs.class) == null)
                .findAny()
                .ifPresent(method -> {
                    throw new IllegalStateException(
                            method + " is a route that does not say what it needs: annotate it with @Needs");
                });
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (handler instanceof HandlerMethod method) {
            if (isAboutMethods(method)) {
                return true;
            }
            Needs needs = method.getMethodAnnotation(Needs.class);
            check(needs == null ? List.of(Verb.ADMIN) : List.of(needs.value()), sink(request));
        }
        return true;
    }

    /* What Spring answers OPTIONS with: which methods a path has, whatever is behind it. */
    private static boolean isAboutMethods(HandlerMethod method) {
        return method.getBeanType().getName().endsWith("$HttpOptionsHandler");
    }

    private void check(List<Verb> anyOf, String sink) {
        if (anyOf.isEmpty()) {
            return;
        }
        if (sink.isEmpty()) {
            access.requireEverywhere(Work.currentSender(), anyOf);
        } else {
            access.require(sink, anyOf);
        }
    }

    private static String sink(HttpServletRequest request) {
        return request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE) instanceof Map<?, ?> path
                        && path.get("sink") instanceof String sink
                ? sink
                : "";
    }
}
