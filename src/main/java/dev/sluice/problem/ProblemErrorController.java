package dev.sluice.problem;

import dev.sluice.access.Needs;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Tells what failed outside the controllers, where the container dispatches to {@code /error}. */
@RestController
class ProblemErrorController implements ErrorController {

    static final String PROBLEM = ProblemErrorController.class.getName() + ".problem";

    @Needs({})
    @RequestMapping("${server.error.path:/error}")
    ResponseEntity<Map<String, Object>> error(HttpServletRequest request) {
        if (request.getAttribute(PROBLEM) instanceof Problem problem) {
            return problem.answer();
        }
        Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        Object message = request.getAttribute(RequestDispatcher.ERROR_MESSAGE);
        int code = status instanceof Integer number ? number : 404;
        String detail = message == null || message.toString().isBlank() ? "the request failed" : message.toString();
        return Problem.ofStatus(code, detail).answer();
    }
}
