package dev.sluice.column;

/** What a string holds that is more than its text. */
public enum StringEncoding {
    /** Bytes, two digits each. */
    HEX,
    /** Bytes by RFC 4648: the usual alphabet or the one for URLs, with padding or without. */
    BASE64,
    /** JSON, as text. */
    JSON
}
