package dev.sluice.json;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;

/** A body that arrives as a network may cut it: in a first piece, and then in pieces of a size. */
final class Pieces extends ByteArrayInputStream {

    private final int size;
    private int next;

    private Pieces(byte[] body, int first, int size) {
        super(body);
        this.next = first;
        this.size = size;
    }

    static Pieces whole(byte[] body) {
        return new Pieces(body, Integer.MAX_VALUE, Integer.MAX_VALUE);
    }

    static Pieces whole(String body) {
        return whole(body.getBytes(StandardCharsets.UTF_8));
    }

    static Pieces ofSize(byte[] body, int size) {
        return new Pieces(body, size, size);
    }

    static Pieces splitAt(byte[] body, int first) {
        return new Pieces(body, first, Integer.MAX_VALUE);
    }

    @Override
    public synchronized int read(byte[] target, int from, int length) {
        int count = super.read(target, from, Math.min(length, next));
        next = size;
        return count;
    }
}
