package dev.sluice.definition;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The definitions that came over HTTP. {@link #lock}, {@link #put} and {@link #remove} belong into one transaction. */
@Repository
public class DefinitionStore {

    private static final String REVISION = "select revision, clock_timestamp() as now from sluice.definition_revision";

    private static final String LOCK = REVISION + " for update";

    private static final String RAISE = "update sluice.definition_revision set revision = ?";

    private static final String LOAD = """
            select sink, settings::text as settings, revision, updated_at
              from sluice.definition
             where not deleted
             order by sink""";

    private static final String PUT = """
            insert into sluice.definition (sink, settings, revision, updated_at) values (?, ?::json, ?, ?)
            on conflict (sink) do update
               set settings = excluded.settings, revision = excluded.revision, updated_at = excluded.updated_at,
                   deleted = false""";

    private static final String OF_SINK = "select revision from sluice.definition where sink = ? and not deleted";

    private static final String REMOVE = """
            update sluice.definition set settings = '{}', revision = ?, updated_at = now(), deleted = true
             where sink = ?""";

    private static final TypeReference<LinkedHashMap<String, Object>> SETTINGS = new TypeReference<>() {};

    /**
     * The number of the last change.
     *
     * @param now the database's time
     */
    public record Revision(long number, Instant now) {}

    private final JdbcClient jdbc;

    /* Numbers keep their digits: nobody knows yet what they are for. Escaped, for databases that are not in UTF-8. */
    private final JsonMapper json = JsonMapper.builder()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    DefinitionStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Returns the number of the last change that was committed. */
    public Revision revision() {
        return jdbc.sql(REVISION).query(DefinitionStore::mapRevision).single();
    }

    /** Returns the same and keeps others from changing anything until the transaction ends. */
    public Revision lock() {
        return jdbc.sql(LOCK).query(DefinitionStore::mapRevision).single();
    }

    /** Returns all definitions, at least as new as the revision that was read before. */
    public List<StatedDefinition> load() {
        return jdbc.sql(LOAD).query(this::map).list();
    }

    /** Returns the number of the last change of a sink's definition, empty if none is stored. */
    public Optional<Long> revisionOf(String sink) {
        return jdbc.sql(OF_SINK).param(sink).query(Long.class).optional();
    }

    /** Stores a definition under the next revision, which it carries. */
    public void put(StatedDefinition stated, Instant now) {
        jdbc.sql(RAISE).param(stated.revision()).update();
        jdbc.sql(PUT)
                .params(
                        stated.id(),
                        json.writeValueAsString(stated.settings()),
                        stated.revision(),
                        OffsetDateTime.ofInstant(now, ZoneOffset.UTC))
                .update();
    }

    /** Removes a definition under the next revision. */
    public void remove(String sink, long nextRevision) {
        jdbc.sql(RAISE).param(nextRevision).update();
        jdbc.sql(REMOVE).params(nextRevision, sink).update();
    }

    private StatedDefinition map(ResultSet row, int number) throws SQLException {
        return new StatedDefinition(
                row.getString("sink"),
                false,
                settings(row.getString("settings")),
                row.getLong("revision"),
                row.getObject("updated_at", OffsetDateTime.class).toInstant());
    }

    /* What somebody has written there by hand is no reason to stop: without settings it is told to have no type. */
    private Map<String, Object> settings(String text) {
        try {
            return Objects.requireNonNullElse(json.readValue(text, SETTINGS), Map.of());
        } catch (JacksonException e) {
            return Map.of();
        }
    }

    private static Revision mapRevision(ResultSet row, int number) throws SQLException {
        return new Revision(
                row.getLong("revision"),
                row.getObject("now", OffsetDateTime.class).toInstant());
    }
}
