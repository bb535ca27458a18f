package dev.sluice.browse;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Tells two texts of JSON apart, a member a line, by what they have in common longest. */
public final class Diff {

    /* Beyond it, comparing each line with each other takes too long. */
    private static final int MOST_LINES = 1_000;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private Diff() {}

    /** Returns the lines of both. */
    public static List<DiffLine> of(String before, String after) {
        List<String> old = lines(before);
        List<String> now = lines(after);
        if (old.size() > MOST_LINES || now.size() > MOST_LINES) {
            List<DiffLine> all = new ArrayList<>();
            old.forEach(line -> all.add(new DiffLine("gone", line)));
            now.forEach(line -> all.add(new DiffLine("added", line)));
            return all;
        }
        return lines(old, now, common(old, now));
    }

    private static List<String> lines(String json) {
        return Arrays.asList(pretty(json).split("\n", -1));
    }

    private static String pretty(String json) {
        try {
            return JSON.writerWithDefaultPrettyPrinter()
                    .writeValueAsString(JSON.readTree(json))
                    .replace("\r", "");
        } catch (JacksonException e) {
            return json;
        }
    }

    /* How many lines two have in common from these on. */
    private static int[][] common(List<String> old, List<String> now) {
        int[][] common = new int[old.size() + 1][now.size() + 1];
        for (int i = old.size() - 1; i >= 0; i--) {
            for (int j = now.size() - 1; j >= 0; j--) {
                common[i][j] = old.get(i).equals(now.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        return common;
    }

    private static List<DiffLine> lines(List<String> old, List<String> now, int[][] common) {
        List<DiffLine> lines = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < old.size() || j < now.size()) {
            if (i < old.size() && j < now.size() && old.get(i).equals(now.get(j))) {
                lines.add(new DiffLine("same", old.get(i++)));
                j++;
            } else if (i < old.size() && (j == now.size() || common[i + 1][j] >= common[i][j + 1])) {
                lines.add(new DiffLine("gone", old.get(i++)));
            } else {
                lines.add(new DiffLine("added", now.get(j++)));
            }
        }
        return Collections.unmodifiableList(lines);
    }
}
