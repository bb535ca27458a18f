package dev.sluice.session;

import java.time.Instant;

/**
 * What a browser's cookie says.
 *
 * @param id random; forms are bound to it
 * @param credential the key or token that was signed in with
 * @param seenAt of the last request that the cookie tells of, which is at most a minute behind
 */
public record Session(String id, String credential, Instant begunAt, Instant seenAt) {

    Session seen(Instant at) {
        return new Session(id, credential, begunAt, at);
    }
}
