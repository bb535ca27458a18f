package dev.sluice.campaign.stream;

import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes keys and revokes them, as an administrator does. Of one thread. */
public final class Keys implements AutoCloseable {

    private static final String JSON = "Content-Type: application/json\r\n";
    private static final int ATTEMPTS = 600;
    private static final Pattern EFFECT = Pattern.compile("\"effectiveOn\":\"(\\d+)/(\\d+)\"");

    /** A key: what people call it, and what opens doors. */
    record Key(String id, String text) {}

    private final Services services;
    private final Random random;
    private final Http http;

    /** @param administrator with whose key it is done, at any service */
    public Keys(Services administrator, long seed) {
        this.services = administrator;
        this.random = new Random(seed);
        this.http = new Http(5_000, administrator.key());
    }

    /** Returns the text of a key that may do some of all there is. */
    public String make(String sinks, String verbs) {
        for (int i = 0; i < ATTEMPTS; i++) {
            Key key = tryToMake(sinks, verbs);
            if (key != null) {
                return key.text();
            }
            LockSupport.parkNanos(100_000_000);
        }
        throw new IllegalStateException("no key can be made");
    }

    /** Returns null where there was no such answer. */
    Key tryToMake(String sinks, String verbs) {
        String body = "{\"note\":\"campaign\",\"grants\":[{\"sinks\":\"" + sinks + "\",\"verbs\":[\""
                + verbs.replace(" ", "\",\"") + "\"]}]}";
        Answer made = http.post(services.port(random), "/keys", JSON, body.getBytes());
        return made.status() == 201 ? new Key(made.text("id"), made.text("key")) : null;
    }

    /** Revokes a key; returns whether it is certain that every replica knows. */
    boolean revoke(Key key) {
        Answer revoked = http.delete(services.port(random), "/keys/" + key.id() + "?reason=campaign");
        Matcher effect = EFFECT.matcher(revoked.body());
        return revoked.status() == 200 && effect.find() && effect.group(1).equals(effect.group(2));
    }

    @Override
    public void close() {
        http.close();
    }
}
