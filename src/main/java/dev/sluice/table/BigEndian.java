package dev.sluice.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Numbers in the order of bytes that PostgreSQL's binary formats have. */
final class BigEndian {

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private BigEndian() {}

    static void putShort(byte[] target, int at, short value) {
        SHORT.set(target, at, value);
    }

    static void putInt(byte[] target, int at, int value) {
        INT.set(target, at, value);
    }

    static void putLong(byte[] target, int at, long value) {
        LONG.set(target, at, value);
    }
}
