package dev.sluice.database;

import dev.sluice.sink.Engine;
import java.time.Duration;
import java.util.List;

/** Sessions of a database that no pooler stands before. */
final class SessionsForTests {

    private SessionsForTests() {}

    static DatabaseProperties properties(String engine) {
        return new DatabaseProperties(
                engine, List.of(), Pooler.NO, Duration.ofSeconds(45), Duration.ofSeconds(5), Duration.ofSeconds(10));
    }

    static Sessions sessions() {
        return new Sessions(properties("postgresql"), new Incarnations(Engine.POSTGRESQL));
    }
}
