package dev.sluice.column;

/** How bytes are written as a string. */
public enum ByteEncoding {
    HEX,
    /** Of RFC 4648: the usual alphabet or the one for URLs, with padding or without. */
    BASE64
}
