package dev.sluice.body;

/** How the sink that a body is for numbers its records. */
public enum Numbering {
    /** Offsets rise, and holes are declared. */
    IN_ORDER,
    /** Offsets come in any order, and settle nothing but themselves unless a range is given. */
    ANY_ORDER,
    /** There are none. */
    NONE
}
