package dev.sluice.security;

import dev.sluice.catalog.Definers;
import dev.sluice.sink.Reach;
import org.springframework.stereotype.Component;

/** Those with a key, or anybody on this machine where none is wanted. */
@Component
class KeyHolders implements Definers {

    private final Senders senders;

    KeyHolders(Senders senders) {
        this.senders = senders;
    }

    @Override
    public Reach reach() {
        return senders.mustSay() ? Reach.CONFINED : Reach.AS_SET;
    }
}
