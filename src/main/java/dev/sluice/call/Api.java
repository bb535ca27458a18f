package dev.sluice.call;

import dev.sluice.request.Trace;
import dev.sluice.request.Work;
import dev.sluice.session.BrowserSessions;
import dev.sluice.session.Session;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.servlet.DispatcherServlet;

/**
 * Calls the API for whoever looks at a page: the same handlers behind the same rules, without a connection. What they
 * may not see or do over HTTP they may not here, and whatever is answered there is answered here.
 */
@Component
public class Api {

    private final ObjectProvider<DispatcherServlet> dispatcher;
    private final BrowserSessions sessions;

    Api(ObjectProvider<DispatcherServlet> dispatcher, BrowserSessions sessions) {
        this.dispatcher = dispatcher;
        this.sessions = sessions;
    }

    /** Reads from a path of the API. */
    public Reply get(String path) {
        return send(Call.get(path));
    }

    /** Sends a call, on the thread of the page's request. */
    public Reply send(Call call) {
        ServletRequestAttributes attributes =
                (ServletRequestAttributes) RequestContextHolder.currentRequestAttributes();
        HttpServletRequest page = attributes.getRequest();
        HttpServletResponse response = Objects.requireNonNull(attributes.getResponse());
        ApiResponse answer = new ApiResponse(response);
        // What is refused to a page is no problem of the page's request.
        Work work = Objects.requireNonNullElseGet(Work.copy(), () -> Work.of(Trace.of(null)));
        Work before = work.begin();
        try {
            String credential = sessions.of(page).map(Session::credential).orElse(null);
            dispatcher.getObject().service(new ApiRequest(page, call, credential), answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ServletException e) {
            throw new IllegalStateException(call.method() + " " + call.path() + " failed within the process", e);
        } finally {
            work.end(before);
        }
        return answer.reply(call);
    }
}
