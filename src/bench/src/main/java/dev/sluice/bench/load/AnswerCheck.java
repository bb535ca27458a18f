package dev.sluice.bench.load;

import java.util.concurrent.TimeUnit;

/** Tells a right answer from one that asks to come again, and stops at anything else. */
final class AnswerCheck {

    /**
     * @param again whether the same request has to be sent again
     * @param pauseNanos how long to wait before that
     */
    record Result(int status, boolean again, long pauseNanos, boolean duplicate) {}

    private static final long GAP_PAUSE = TimeUnit.MILLISECONDS.toNanos(20);

    private final LoadOptions options;

    AnswerCheck(LoadOptions options) {
        this.options = options;
    }

    Result check(Connection connection) {
        Response response = connection.response();
        int status = response.status();
        if (status == 200) {
            return options.anyAnswer() ? new Result(200, false, 0, false) : right(connection, response);
        }
        if ((status == 429 || status == 503) && response.retryAfter() > 0) {
            long pause = options.retryMillis() > 0
                    ? TimeUnit.MILLISECONDS.toNanos(options.retryMillis())
                    : TimeUnit.SECONDS.toNanos(response.retryAfter());
            return new Result(status, true, pause, false);
        }
        if (status == 409 && options.sharesPartitions() && response.has("/problems/offset-gap")) {
            return new Result(status, true, GAP_PAUSE, false);
        }
        throw unexpected(connection);
    }

    private Result right(Connection connection, Response response) {
        boolean duplicate = says(response, "duplicate");
        boolean committed = says(response, "committed");
        long end = connection.offset() + options.batch();
        // What was repeated may have been committed by the request before, whose answer said that it does not know.
        boolean expected = options.replay() ? duplicate : committed || (duplicate && connection.attempts() > 1);
        boolean verified = !options.replay() || response.has("\"verified\":true") || response.has("\"verified\": true");
        if (!expected || !verified || response.number("end") != end || response.number("nextOffset") < end) {
            throw unexpected(connection);
        }
        if (!options.sharesPartitions() && !options.replay() && response.number("nextOffset") != end) {
            throw unexpected(connection);
        }
        return new Result(200, false, 0, duplicate);
    }

    private static boolean says(Response response, String status) {
        return response.has("\"status\":\"" + status + "\"") || response.has("\"status\": \"" + status + "\"");
    }

    private static LoadFailure unexpected(Connection connection) {
        return new LoadFailure(
                "unexpected answer to partition " + connection.partition().name() + ", offset " + connection.offset()
                        + ", attempt " + connection.attempts() + ":\n" + connection.response());
    }
}
