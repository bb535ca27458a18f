package dev.sluice.definition;

import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What each sink's target is recognised by. */
@Repository
public class TargetStore {

    private static final String FIND = "select identity from sluice.target where sink = ?";

    private static final String PUT = """
            insert into sluice.target (sink, identity) values (?, ?)
            on conflict (sink) do update set identity = excluded.identity, recognised_at = now()""";

    private static final String REMOVE = "delete from sluice.target where sink = ?";

    private final JdbcClient jdbc;

    TargetStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Returns the identity of the target that has what the sink has acknowledged, if it was ever recognised. */
    public Optional<String> find(String sink) {
        return jdbc.sql(FIND).param(sink).query(String.class).optional();
    }

    /** Stores it, in place of the one before. */
    public void put(String sink, String identity) {
        jdbc.sql(PUT).params(sink, identity).update();
    }

    /** Forgets it. */
    public void remove(String sink) {
        jdbc.sql(REMOVE).param(sink).update();
    }
}
