package dev.sluice.operator;

import dev.sluice.database.Incarnation;
import dev.sluice.database.Incarnations;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Tells the service that its database was restored, where it cannot see that by itself. */
@RestController
class IncarnationController {

    private static final int LONGEST_REASON = 200;

    private final Incarnations incarnations;
    private final DataSource dataSource;
    private final TransactionTemplate transactions;
    private final DefinitionBody body;

    IncarnationController(
            Incarnations incarnations, DataSource dataSource, TransactionTemplate transactions, DefinitionBody body) {
        this.incarnations = incarnations;
        this.dataSource = dataSource;
        this.transactions = transactions;
        this.body = body;
    }

    @PostMapping("/incarnation")
    ResponseEntity<Incarnation> begin(HttpServletRequest request) throws IOException {
        String reason = reason(body.read(request));
        Incarnation begun = Objects.requireNonNull(
                transactions.execute(status -> begin(DataSourceUtils.getConnection(dataSource), reason)));
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(begun);
    }

    private Incarnation begin(Connection connection, String reason) {
        try {
            return incarnations.begin(connection, reason);
        } catch (SQLException e) {
            throw new DataAccessResourceFailureException("no new incarnation could be begun", e);
        }
    }

    private static String reason(Map<String, Object> body) {
        if (body.size() != 1
                || !(body.get("reason") instanceof String reason)
                || reason.isBlank()
                || reason.length() > LONGEST_REASON) {
            throw Problem.of(
                            ProblemType.MALFORMED_REQUEST,
                            "the body says why in 1 to " + LONGEST_REASON
                                    + " characters, like {\"reason\": \"restored from last night's backup\"}")
                    .exception();
        }
        return reason;
    }
}
