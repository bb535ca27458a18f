package com.example.audit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Where a chain stands: all that a partition has to know to go on with it.
 *
 * @param version of this record's form, so that a later build can tell
 * @param entries how many there are in the chain
 * @param head the hash of the last one
 */
record AuditState(int version, long entries, String head) {

    static final int VERSION = 1;

    /** A chain without entries. */
    static final AuditState START = new AuditState(VERSION, 0, "0".repeat(64));

    /** Returns where the chain stands after that entry. */
    AuditState after(AuditEntry entry) {
        String sealed = head + ' ' + entry.offset() + ' ' + entry.json();
        return new AuditState(VERSION, entries + 1, sha256(sealed));
    }

    private static String sha256(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
