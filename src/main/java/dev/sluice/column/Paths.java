package dev.sluice.column;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The pointers of all columns, merged: a step for each reference token. Immutable once built. */
final class Paths {

    private static final Paths[] NONE = {};

    private final int id;
    private final String token;
    private final byte[] name;
    private final int index;
    private int[] columns = {};
    private int[] below = {};
    private Paths[] steps = NONE;
    private Paths[][] byLength = {};

    private Paths(int id, String token) {
        this.id = id;
        this.token = token;
        this.name = token.getBytes(StandardCharsets.UTF_8);
        this.index = Pointer.index(token);
    }

    /** Merges pointers, each by the number of its column. */
    static Paths of(Map<Integer, Pointer> pointers) {
        Paths root = new Paths(0, "");
        int steps = 1;
        for (Map.Entry<Integer, Pointer> pointer : pointers.entrySet()) {
            int column = pointer.getKey();
            Paths at = root;
            for (String next : pointer.getValue().tokens()) {
                at.below = with(at.below, column);
                at = at.step(next, steps++);
            }
            at.columns = with(at.columns, column);
        }
        return root;
    }

    private static int[] with(int[] numbers, int more) {
        int[] all = Arrays.copyOf(numbers, numbers.length + 1);
        all[numbers.length] = more;
        return all;
    }

    private Paths step(String next, int newId) {
        for (Paths step : steps) {
            if (step.token.equals(next)) {
                return step;
            }
        }
        Paths step = new Paths(newId, next);
        List<Paths> all = new ArrayList<>(Arrays.asList(steps));
        all.add(step);
        steps = all.toArray(Paths[]::new);
        byLength = new Paths[1 + Math.max(step.name.length, byLength.length - 1)][];
        for (int length = 0; length < byLength.length; length++) {
            int wanted = length;
            byLength[length] =
                    all.stream().filter(one -> one.name.length == wanted).toArray(Paths[]::new);
        }
        return step;
    }

    /** Returns a number that no other step has, from 0 on. */
    int id() {
        return id;
    }

    /** Returns the columns that take the value here. Not to be changed. */
    int[] columns() {
        return columns;
    }

    /** Returns the columns that take something out of the value here. Not to be changed. */
    int[] below() {
        return below;
    }

    /** Whether anything is taken out of the value here. */
    boolean goesOn() {
        return steps.length > 0;
    }

    /** Whether the value here is taken as a whole, so that none of its members is left over. */
    boolean takesAll() {
        return columns.length > 0;
    }

    /** Returns the step to a member, by the bytes of its name without escapes; null if nothing is taken from there. */
    @Nullable
    Paths member(byte[] bytes, int from, int to) {
        if (to - from < byLength.length) {
            for (Paths step : byLength[to - from]) {
                if (Arrays.equals(step.name, 0, step.name.length, bytes, from, to)) {
                    return step;
                }
            }
        }
        return null;
    }

    /** Returns the step to an element of an array; null if nothing is taken from there. */
    @Nullable
    Paths element(int at) {
        for (Paths step : steps) {
            if (step.index == at) {
                return step;
            }
        }
        return null;
    }
}
