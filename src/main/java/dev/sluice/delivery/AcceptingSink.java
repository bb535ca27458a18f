package dev.sluice.delivery;

/** A sink whose commit means "accepted": its records reach their target later. */
public interface AcceptingSink {

    /** Returns the id of the sink that the records go to. */
    String target();
}
