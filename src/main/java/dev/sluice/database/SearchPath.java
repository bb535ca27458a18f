package dev.sluice.database;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.TransactionException;

/**
 * Keeps people's tables out of the service's own schema. PostgreSQL looks first into the schema that has the role's
 * name: a role that is named like the schema would create its tables there. The service itself names the schema
 * wherever it means it.
 */
final class SearchPath implements SmartInitializingSingleton {

    private static final Logger log = LoggerFactory.getLogger(SearchPath.class);

    /* In the order in which they count: for the role in the database, for the role, for the database, for all. */
    private static final String LED_ASTRAY = """
            with setting as (
                select setrole, setdatabase, substr(entry, length('search_path=') + 1) as path
                  from pg_db_role_setting, unnest(setconfig) entry
                 where entry like 'search_path=%'
            ), effective as (
                select r.rolname::text as role, r.rolname = current_user as own, d.datname::text as database,
                       coalesce(
                           (select path from setting where setrole = r.oid and setdatabase = d.oid),
                           (select path from setting where setrole = r.oid and setdatabase = 0),
                           (select path from setting where setrole = 0 and setdatabase = d.oid),
                           (select path from setting where setrole = 0 and setdatabase = 0),
                           (select case when source in ('default', 'configuration file') then reset_val else boot_val end
                              from pg_settings where name = 'search_path')) as path
                  from pg_roles r, pg_database d
                 where d.datname = current_database() and (r.rolname = 'sluice' or r.rolname = current_user)
            ), element as (
                select e.*, trim(part) as written, place,
                       case when trim(part) in ('"$user"', '$user') then role else trim(both '"' from trim(part)) end as schema
                  from effective e, unnest(string_to_array(path, ',')) with ordinality as parts(part, place)
            ), first as (
                select distinct on (role) element.*
                  from element join pg_namespace on nspname = schema
                 where has_schema_privilege(role, pg_namespace.oid, 'USAGE')
                 order by role, place
            )
            select role, own, path,
                   'alter role ' || quote_ident(role) || ' in database ' || quote_ident(database) || ' set search_path = '
                       || coalesce((select string_agg(written, ', ' order by place)
                                      from element other
                                     where other.role = first.role and other.schema <> 'sluice'), 'public') as remedy
              from first
             where schema = 'sluice'""";

    /** A role whose unqualified names mean the service's own schema. */
    private record Astray(String role, boolean own, String path, String remedy) {}

    private final JdbcClient jdbc;

    SearchPath(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void afterSingletonsInstantiated() {
        try {
            for (Astray role : astray()) {
                if (!role.own() || role.path().contains("sluice") || !mend(role)) {
                    warn(role);
                }
            }
        } catch (DataAccessException | TransactionException e) {
            // An engine that has not all of PostgreSQL's catalogue; nothing that the service itself does rests on it.
            log.debug("Whose search_path leads into the schema sluice could not be seen", e);
        }
    }

    private List<Astray> astray() {
        return jdbc.sql(LED_ASTRAY)
                .query((row, number) -> new Astray(
                        row.getString("role"), row.getBoolean("own"), row.getString("path"), row.getString("remedy")))
                .list();
    }

    private boolean mend(Astray role) {
        try {
            jdbc.sql(role.remedy()).update();
            log.info(
                    "The search_path of role {} is {}, which would put its tables into the service's own schema: {}",
                    role.role(),
                    role.path(),
                    role.remedy());
            return true;
        } catch (DataAccessException e) {
            log.debug("The search_path of role {} could not be changed", role.role(), e);
            // Another replica may have done it in the same moment.
            return astray().stream().noneMatch(Astray::own);
        }
    }

    private static void warn(Astray role) {
        log.warn(
                "The search_path of role {} is {}: a table that it creates without naming a schema gets into the"
                        + " service's own schema sluice. Run: {}",
                role.role(),
                role.path(),
                role.remedy());
    }
}
