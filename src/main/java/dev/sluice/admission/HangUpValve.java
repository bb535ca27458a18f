package dev.sluice.admission;

import jakarta.servlet.ServletException;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.springframework.http.HttpStatus;

/**
 * Ends the connection of those who were told that they are too slow. Tomcat would go on reading what they send, to
 * throw it away, for as long as it comes.
 */
final class HangUpValve extends ValveBase {

    HangUpValve() {
        super(true);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        getNext().invoke(request, response);
        if (response.getStatus() == HttpStatus.REQUEST_TIMEOUT.value()) {
            response.finishResponse();
            request.getCoyoteRequest().action(ActionCode.CLOSE_NOW, null);
        }
    }
}
