package dev.sluice.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.scenario.InProcess;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rows of the trail are never changed, and leave by age only. */
class AuditPrunerIT {

    private static final String ACTIONS = "select action from sluice.audit order by id";

    @Test
    void keepsRowsAsTheyAreUntilTheyAreOld() {
        try (InProcess service = InProcess.start("sluice.audit.retention=400d")) {
            service.execute("insert into sluice.audit (at, action, outcome)"
                    + " select now() - interval '401 days', 'old', 'done' from generate_series(1, 1001)");
            service.execute("insert into sluice.audit (at, action, outcome)"
                    + " values (now() - interval '399 days', 'young', 'done'), (now(), 'new', 'done')");
            for (String sql : List.of(
                    "update sluice.audit set actor = 'somebody else'",
                    "delete from sluice.audit where action = 'new'",
                    "truncate sluice.audit")) {
                assertThatThrownBy(() -> service.execute(sql)).rootCause().hasMessageContaining("append-only");
            }
            assertThat(service.query(ACTIONS)).hasSize(1003).contains("new");
            service.bean(AuditPruner.class).prune();
            assertThat(service.query(ACTIONS)).containsExactly("young", "new");
        }
    }
}
