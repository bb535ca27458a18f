package dev.sluice.postgres;

/** The database cannot be used as configured; says what is wrong and, apart from it, what to do. */
final class DatabaseSetupException extends RuntimeException {

    private final String action;

    DatabaseSetupException(String problem, String action) {
        super(problem);
        this.action = action;
    }

    DatabaseSetupException(String problem, String action, Throwable cause) {
        super(problem, cause);
        this.action = action;
    }

    String action() {
        return action;
    }
}
