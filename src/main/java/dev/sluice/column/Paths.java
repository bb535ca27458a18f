package dev.sluice.column;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The pointers of all columns, merged: a step for each reference token. Immutable once built. */
final class Paths {

    private final String token;
    private final byte[] name;
    private final int index;
    private final List<Integer> columns = new ArrayList<>();
    private final List<Integer> below = new ArrayList<>();
    private final List<Paths> steps = new ArrayList<>();

    private Paths(String token) {
        this.token = token;
        this.name = token.getBytes(StandardCharsets.UTF_8);
        this.index = Pointer.index(token);
    }

    /** Merges pointers, the n-th of the n-th column. */
    static Paths of(List<Pointer> pointers) {
        Paths root = new Paths("");
        for (int column = 0; column < pointers.size(); column++) {
            Paths at = root;
            for (String next : pointers.get(column).tokens()) {
                at.below.add(column);
                at = at.step(next);
            }
            at.columns.add(column);
        }
        return root;
    }

    private Paths step(String next) {
        for (Paths step : steps) {
            if (step.token.equals(next)) {
                return step;
            }
        }
        Paths step = new Paths(next);
        steps.add(step);
        return step;
    }

    /** Returns the columns that take the value here. */
    List<Integer> columns() {
        return columns;
    }

    /** Returns the columns that take something out of the value here. */
    List<Integer> below() {
        return below;
    }

    /** Whether anything is taken out of the value here. */
    boolean goesOn() {
        return !steps.isEmpty();
    }

    /** Whether the value here is taken as a whole, so that none of its members is left over. */
    boolean takesAll() {
        return !columns.isEmpty();
    }

    /** Returns the step to a member, by the bytes of its name without escapes; null if nothing is taken from there. */
    @Nullable
    Paths member(byte[] bytes, int from, int to) {
        for (Paths step : steps) {
            if (Arrays.equals(step.name, 0, step.name.length, bytes, from, to)) {
                return step;
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
