package dev.sluice.operator;

import dev.sluice.access.Needs;
import dev.sluice.access.Verb;
import dev.sluice.audit.Act;
import dev.sluice.audit.AuditTrail;
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
import java.util.Set;
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

    private final Incarnations incarnations;
    private final DataSource dataSource;
    private final TransactionTemplate transactions;
    private final AuditTrail trail;
    private final DefinitionBody body;

    IncarnationController(
            Incarnations incarnations,
            DataSource dataSource,
            TransactionTemplate transactions,
            AuditTrail trail,
            DefinitionBody body) {
        this.incarnations = incarnations;
        this.dataSource = dataSource;
        this.transactions = transactions;
        this.trail = trail;
        this.body = body;
    }

    @Needs(Verb.OPERATE)
    @PostMapping("/incarnation")
    ResponseEntity<Incarnation> begin(HttpServletRequest request) throws IOException {
        String reason = reason(body.read(request));
        Begun begun = Objects.requireNonNull(
                transactions.execute(status -> begin(DataSourceUtils.getConnection(dataSource), reason)));
        return Audited.with(ResponseEntity.ok(), begun.auditId())
                .contentType(MediaType.APPLICATION_JSON)
                .body(begun.incarnation());
    }

    private record Begun(Incarnation incarnation, long auditId) {}

    private Begun begin(Connection connection, String reason) {
        try {
            Incarnation before = incarnations.current().orElse(null);
            Incarnation begun = incarnations.begin(connection, reason);
            return new Begun(begun, trail.add(new Act("incarnation", null, null, null, before, begun, reason)));
        } catch (SQLException e) {
            throw new DataAccessResourceFailureException("no new incarnation could be begun", e);
        }
    }

    private static String reason(Map<String, Object> body) {
        if (!body.keySet().equals(Set.of("reason"))) {
            throw Problem.of(
                            ProblemType.MALFORMED_REQUEST,
                            "the body says why and nothing else, like {\"reason\": \"restored from last night's"
                                    + " backup\"}")
                    .exception();
        }
        return Reasons.required(body.get("reason"));
    }
}
