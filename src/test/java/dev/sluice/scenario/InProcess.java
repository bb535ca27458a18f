package dev.sluice.scenario;

import dev.sluice.SluiceApplication;
import dev.sluice.postgres.PostgresForTests;
import dev.sluice.postgres.PostgresForTests.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The whole service in this JVM, on a real database and a real port. */
public final class InProcess implements AutoCloseable {

    private final Database database;
    private final ConfigurableApplicationContext context;
    private final Client client;

    private InProcess(Database database, ConfigurableApplicationContext context, List<String> settings) {
        this.database = database;
        this.context = context;
        int port = Integer.parseInt(context.getEnvironment().getRequiredProperty("local.server.port"));
        KeysForTests.listens(port, settings);
        this.client = new Client(port);
    }

    public static InProcess start(String... settings) {
        return on(PostgresForTests.freshDatabase(), List.of(), settings);
    }

    /** Starts with additional components, such as a sink type of the test's own. */
    public static InProcess with(Class<?> component, String... settings) {
        return on(PostgresForTests.freshDatabase(), List.of(component), settings);
    }

    public static InProcess on(Database database, List<Class<?>> components, String... settings) {
        List<String> arguments = new ArrayList<>(List.of(
                "--spring.datasource.url=" + database.url(),
                "--spring.datasource.username=" + database.username(),
                "--spring.datasource.password=" + database.password()));
        if (Stream.of(settings).noneMatch(setting -> setting.startsWith("server.port="))) {
            arguments.add("--server.port=0");
        }
        Stream.concat(Stream.of(settings), KeysForTests.settings(List.of(settings)).stream())
                .forEach(setting -> arguments.add("--" + setting));
        if (arguments.stream().noneMatch(argument -> argument.startsWith("--sluice.database.engine="))) {
            PostgresForTests.engine().ifPresent(engine -> arguments.add("--sluice.database.engine=" + engine));
        }
        SpringApplicationBuilder builder = new SpringApplicationBuilder(SluiceApplication.class)
                .sources(components.toArray(Class<?>[]::new))
                .logStartupInfo(false);
        return new InProcess(database, builder.run(arguments.toArray(String[]::new)), List.of(settings));
    }

    public Client client() {
        return client;
    }

    public Database database() {
        return database;
    }

    public String property(String name) {
        return context.getEnvironment().getRequiredProperty(name);
    }

    public <T> T bean(String name, Class<T> type) {
        return context.getBean(name, type);
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    public void execute(String sql) {
        execute(database, sql);
    }

    public static void execute(Database database, String sql) {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** Returns the rows of a query, the columns of each joined by a blank. */
    public List<String> query(String sql) {
        return query(database, sql);
    }

    public static List<String> query(Database database, String sql) {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                StringBuilder row = new StringBuilder();
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    row.append(i > 1 ? " " : "").append(rows.getString(i));
                }
                found.add(row.toString());
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** Returns the service's connections that wait for a lock, by the ids of their backends. */
    public List<String> waitingForLocks() {
        return query("select pid from pg_stat_activity where application_name = 'sluice'"
                + " and wait_event_type = 'Lock' and datname = current_database()");
    }

    @Override
    public void close() {
        context.close();
    }
}
