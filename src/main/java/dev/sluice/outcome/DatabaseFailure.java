package dev.sluice.outcome;

import java.net.ConnectException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Says why the database failed: what lies behind the pool's "connection is not available". */
public final class DatabaseFailure {

    private static final Pattern TIMED_OUT =
            Pattern.compile("request timed out after (\\d+)ms(?: \\(total=(\\d+), active=(\\d+).*)?");
    private static final Set<String> UNTRANSLATABLE = Set.of("22P05", "22021");
    private static final long REMEMBERED_NANOS = TimeUnit.SECONDS.toNanos(15);

    private record Remembered(String why, long at) {}

    /* The pool tells its last failure to one of all that wait, and then forgets it. */
    private static volatile @Nullable Remembered last;

    private DatabaseFailure() {}

    /** Returns in a sentence, without a full stop, what the server, the driver or the network said. */
    public static String describe(Throwable failure) {
        SQLException ofPool = null;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLTransientConnectionException timeout
                    && timedOut(timeout).find()) {
                ofPool = timeout;
            } else if (cause instanceof SQLException sql) {
                return ofPool == null ? text(sql) : remember("no connection could be opened: " + text(sql));
            }
        }
        return ofPool == null ? text(root(failure)) : pool(ofPool);
    }

    /** Returns what the server said of text that its encoding has no place for; empty if it is something else. */
    public static Optional<String> untranslatable(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && UNTRANSLATABLE.contains(String.valueOf(sql.getSQLState()))) {
                return Optional.of(text(sql));
            }
        }
        return Optional.empty();
    }

    private static Matcher timedOut(SQLException e) {
        return TIMED_OUT.matcher(String.valueOf(e.getMessage()));
    }

    private static String pool(SQLException e) {
        if (e.getCause() != null) {
            return remember("no connection could be opened: " + text(root(e)));
        }
        Matcher said = timedOut(e);
        String total = said.find() ? said.group(2) : null;
        if (total != null && !total.equals("0")) {
            return "no connection was free for " + said.group(1) + " ms: " + said.group(3) + " of the pool's " + total
                    + " were in use (spring.datasource.hikari.maximum-pool-size), as they are while the database does"
                    + " not answer or has more to do than it can";
        }
        Remembered known = last;
        return known != null && System.nanoTime() - known.at() < REMEMBERED_NANOS
                ? known.why()
                : "no connection could be opened in time: the server does not answer";
    }

    private static String remember(String why) {
        last = new Remembered(why, System.nanoTime());
        return why;
    }

    private static String text(Throwable e) {
        Throwable root = root(e);
        String said = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        String below = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
        return said.contains(below) || root instanceof ConnectException ? said : said + " (" + below + ")";
    }

    private static Throwable root(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
