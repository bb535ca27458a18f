package dev.sluice.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a {@link Receiver} does with a request.
 *
 * @param processes whether the request takes effect, whatever the sender learns of it
 */
public record Reply(Manner manner, int status, List<String> headers, String body, boolean processes) {

    /** How the answer is sent. */
    public enum Manner {
        PLAIN,
        CHUNKED,
        /** Ends in the middle of its body. */
        CUT,
        /** Stops in the middle of its body, until the receiver is released. */
        STALLED,
        /** Goes on until the sender hangs up. */
        ENDLESS,
        /** Does not come until the receiver is released. */
        LATE,
        /** The body is all that is sent, head included; the connection stays open. */
        RAW,
        /** The same, and the connection is closed behind it. */
        RAW_CLOSED,
        /** An answer before the request's body was read, which then is read and thrown away. */
        EARLY,
        /** A reset of the connection before the request's body was read. */
        RESET_EARLY,
        /** A reset of the connection after the request's body was read. */
        RESET
    }

    public static Reply of(int status) {
        return new Reply(Manner.PLAIN, status, List.of(), "", status / 100 == 2);
    }

    public static Reply ok() {
        return of(200).body("{}");
    }

    /** A reset in place of an answer, with the request lost or not. */
    public static Reply reset(boolean processes) {
        return of(200).sent(Manner.RESET).processing(processes);
    }

    public static Reply resetEarly() {
        return of(200).sent(Manner.RESET_EARLY).processing(false);
    }

    /** Bytes as they are, for a request that takes effect; after the last one the connection is closed or not. */
    public static Reply raw(boolean closed, String text) {
        return of(200).body(text).sent(closed ? Manner.RAW_CLOSED : Manner.RAW);
    }

    public static Reply redirect(String location) {
        return of(302).header("Location", location);
    }

    public Reply header(String name, String value) {
        List<String> more = new ArrayList<>(headers);
        more.add(name + ": " + value);
        return new Reply(manner, status, more, body, processes);
    }

    public Reply body(String text) {
        return new Reply(manner, status, headers, text, processes);
    }

    public Reply sent(Manner other) {
        return new Reply(other, status, headers, body, processes);
    }

    public Reply processing(boolean really) {
        return new Reply(manner, status, headers, body, really);
    }

    byte[] bytes() {
        return body.getBytes(StandardCharsets.UTF_8);
    }
}
