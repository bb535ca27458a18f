package dev.sluice.key;

import dev.sluice.access.Grant;
import dev.sluice.access.Quotas;
import dev.sluice.problem.ProblemException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.core.JacksonException;

/** Keys as the database has them. A change belongs into a transaction that begins with {@code Revisions.lock}. */
@Repository
class KeyStore {

    private static final String COLUMNS = """
            select id, note, grants, quotas, hash, previous_hash, previous_until, created_at, created_by, expires_at,
                   last_used_at, version
              from sluice.api_key
             where revoked_at is null""";

    private static final String LIST = COLUMNS + " and id > ? order by id limit ?";

    private static final String ADD = """
            insert into sluice.api_key (id, note, grants, quotas, hash, created_by, expires_at)
            values (?, ?, ?::json, ?::json, ?, ?, ?)""";

    private static final String CHANGE = """
            update sluice.api_key
               set note = ?, grants = ?::json, quotas = ?::json, expires_at = ?, version = version + 1
             where id = ? and revoked_at is null""";

    private static final String ROTATE = """
            update sluice.api_key
               set previous_hash = case when ? then hash end, previous_until = ?, hash = ?
             where id = ? and revoked_at is null""";

    private static final String REVOKE =
            "update sluice.api_key set revoked_at = clock_timestamp() where id = ? and revoked_at is null";

    private static final String USED = """
            update sluice.api_key set last_used_at = ?
             where id = ? and (last_used_at is null or last_used_at < ?)""";

    private static final Logger log = LoggerFactory.getLogger(KeyStore.class);

    private final JdbcClient jdbc;

    KeyStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Returns all keys that are not revoked, expired ones included. */
    List<StoredKey> load() {
        List<StoredKey> keys = new ArrayList<>();
        jdbc.sql(COLUMNS).query((ResultSet row) -> {
            try {
                keys.add(map(row, 0));
            } catch (ProblemException | JacksonException e) {
                log.error(
                        "The key {} is not taken, its grants or quotas cannot be read: {}",
                        row.getString("id"),
                        e.getMessage());
            }
        });
        return keys;
    }

    /** Returns a page of them in the order of their ids, those behind {@code after}. */
    List<ApiKey> list(String after, int limit) {
        return jdbc.sql(LIST).params(after, limit).query(KeyStore::map).list().stream()
                .map(StoredKey::key)
                .toList();
    }

    Optional<ApiKey> find(String id) {
        return jdbc.sql(COLUMNS + " and id = ?")
                .param(id)
                .query(KeyStore::map)
                .optional()
                .map(StoredKey::key);
    }

    void add(KeyText text, KeyActs.NewKey wanted, String createdBy) {
        jdbc.sql(ADD)
                .params(Arrays.asList(
                        text.id(),
                        wanted.note(),
                        Grants.text(wanted.grants()),
                        QuotaTexts.text(wanted.quotas()),
                        text.hash().bytes(),
                        createdBy,
                        utc(wanted.expiresAt())))
                .update();
    }

    /** Gives a key another note, other grants, quotas and another end. */
    void change(String id, KeyActs.NewKey wanted) {
        jdbc.sql(CHANGE)
                .params(Arrays.asList(
                        wanted.note(),
                        Grants.text(wanted.grants()),
                        QuotaTexts.text(wanted.quotas()),
                        utc(wanted.expiresAt()),
                        id))
                .update();
    }

    /** Gives a key another text, and takes its former one until then; returns whether there is such a key. */
    boolean rotate(KeyText text, boolean overlaps, Instant formerUntil) {
        return jdbc.sql(ROTATE)
                        .params(
                                overlaps,
                                formerUntil.atOffset(ZoneOffset.UTC),
                                text.hash().bytes(),
                                text.id())
                        .update()
                == 1;
    }

    /** Returns whether there was such a key. */
    boolean revoke(String id) {
        return jdbc.sql(REVOKE).param(id).update() == 1;
    }

    void used(String id, Instant at) {
        OffsetDateTime time = at.atOffset(ZoneOffset.UTC);
        jdbc.sql(USED).params(time, id, time).update();
    }

    private static @Nullable OffsetDateTime utc(@Nullable Instant at) {
        return at == null ? null : at.atOffset(ZoneOffset.UTC);
    }

    private static StoredKey map(ResultSet row, int number) throws SQLException {
        List<Grant> grants = Grants.read(row.getString("grants"));
        String quotas = row.getString("quotas");
        ApiKey key = new ApiKey(
                row.getString("id"),
                row.getString("note"),
                grants,
                quotas == null ? Quotas.NONE : QuotaTexts.read(quotas),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getString("created_by"),
                instant(row, "expires_at"),
                instant(row, "last_used_at"),
                row.getLong("version"));
        byte[] former = row.getBytes("previous_hash");
        return StoredKey.of(
                key,
                KeyHash.stored(row.getBytes("hash")),
                former == null ? null : KeyHash.stored(former),
                instant(row, "previous_until"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
        return at == null ? null : at.toInstant();
    }
}
