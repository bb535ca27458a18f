package dev.sluice.column;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Numbers in the order of bytes that PostgreSQL's binary formats have. */
public final class BigEndian {

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private BigEndian() {}

    /** Puts two bytes. */
    public static void putShort(byte[] target, int at, short value) {
        SHORT.set(target, at, value);
    }

    /** Puts four bytes. */
    public static void putInt(byte[] target, int at, int value) {
        INT.set(target, at, value);
    }

    /** Puts eight bytes. */
    public static void putLong(byte[] target, int at, long value) {
        LONG.set(target, at, value);
    }
}
