package dev.sluice.operator;

import dev.sluice.access.Needs;
import dev.sluice.access.Verb;
import dev.sluice.audit.Act;
import dev.sluice.audit.AuditTrail;
import dev.sluice.body.ActBody;
import dev.sluice.database.Incarnation;
import dev.sluice.database.Incarnations;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
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

    private static final String EXAMPLE = "{\"reason\": \"restored from last night's backup\"}";

    private final Incarnations incarnations;
    private final DataSource dataSource;
    private final TransactionTemplate transactions;
    private final AuditTrail trail;
    private final ActBody body;

    IncarnationController(
            Incarnations incarnations,
            DataSource dataSource,
            TransactionTemplate transactions,
            AuditTrail trail,
            ActBody body) {
        this.incarnations = incarnations;
        this.dataSource = dataSource;
        this.transactions = transactions;
        this.trail = trail;
        this.body = body;
    }

    @Needs(Verb.OPERATE)
    @PostMapping("/incarnation")
    ResponseEntity<Incarnation> begin(HttpServletRequest request) throws IOException {
        String reason = body.read(request, Set.of("reason"), EXAMPLE).reason();
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
}
