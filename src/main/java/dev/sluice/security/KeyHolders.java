package dev.sluice.security;

import dev.sluice.catalog.Definers;
import dev.sluice.key.Authenticator;
import dev.sluice.sink.Reach;
import org.springframework.stereotype.Component;

/** Those with a key, or anybody on this machine where none is wanted. */
@Component
class KeyHolders implements Definers {

    private final Authenticator authenticator;

    KeyHolders(Authenticator authenticator) {
        this.authenticator = authenticator;
    }

    @Override
    public Reach reach() {
        return authenticator.isRequired() ? Reach.CONFINED : Reach.AS_SET;
    }
}
