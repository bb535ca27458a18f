package dev.sluice.bench.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much time processors have spent on a process. */
public final class Cpu {

    /* USER_HZ, which Linux shows to programs as 100 wherever it runs. */
    private static final double TICKS_A_SECOND = 100;

    private static final int USER = 11;
    private static final int SYSTEM = 12;

    private Cpu() {}

    /** Returns the seconds that a process has used since its start, in user and in system mode. */
    public static double seconds(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        // The second field is a name in parentheses, which may have blanks in it.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[USER]) + Long.parseLong(fields[SYSTEM])) / TICKS_A_SECOND;
    }
}
