package dev.sluice.definition;

import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Where each sink's keys went when it was last seen. */
@Repository
public class RoutingStore {

    private static final String FIND =
            "select partitions::text as partitions, fingerprint from sluice.routing where sink = ?";

    private static final String PUT = """
            insert into sluice.routing (sink, partitions, fingerprint) values (?, ?::json, ?)
            on conflict (sink) do update
               set partitions = excluded.partitions, fingerprint = excluded.fingerprint""";

    private static final String REMOVE = "delete from sluice.routing where sink = ?";

    private static final TypeReference<List<String>> NAMES = new TypeReference<>() {};

    private final JdbcClient jdbc;
    private final JsonMapper json = new JsonMapper();

    RoutingStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Returns the routing of a sink that was seen before. */
    public Optional<Routing> find(String sink) {
        return jdbc.sql(FIND)
                .param(sink)
                .query((row, number) ->
                        new Routing(json.readValue(row.getString("partitions"), NAMES), row.getString("fingerprint")))
                .optional();
    }

    /** Stores it, in place of the one before. */
    public void put(String sink, Routing routing) {
        jdbc.sql(PUT)
                .params(sink, json.writeValueAsString(routing.partitions()), routing.fingerprint())
                .update();
    }

    /** Forgets it. */
    public void remove(String sink) {
        jdbc.sql(REMOVE).param(sink).update();
    }
}
