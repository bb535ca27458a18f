package dev.sluice.scenario.crash;

import static net.bytebuddy.matcher.ElementMatchers.named;

import java.io.IOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.dynamic.DynamicType;

/**
 * Kills its own process at {@link CrashPoint}s. Which ones stands in a file that is looked at whenever a thread comes
 * to one: {@code <point> <n> <text>} a line, for the n-th time that the object or its arguments mention this text. A
 * thread that has come to its point stays there; once there is one at each, the process gets a {@code kill -9}.
 */
public final class CrashAgent {

    private static Path armed = Path.of("armed");

    // Guarded by the class.
    private static final Map<String, Integer> hits = new HashMap<>();
    private static final Set<String> reached = new HashSet<>();

    private CrashAgent() {}

    public static void premain(String file, Instrumentation instrumentation) {
        armed = Path.of(file);
        AgentBuilder agent = new AgentBuilder.Default().disableClassFormatChanges();
        for (String type : new HashSet<>(
                Arrays.stream(CrashPoint.values()).map(point -> point.type).toList())) {
            agent = agent.type(named(type)).transform((builder, description, loader, module, domain) -> {
                DynamicType.Builder<?> instrumented = builder;
                for (CrashPoint point : CrashPoint.values()) {
                    if (point.type.equals(type)) {
                        Class<?> advice = point.edge == CrashPoint.Edge.BEFORE ? Before.class : After.class;
                        instrumented = instrumented.visit(Advice.withCustomMapping()
                                .bind(PointName.class, point.name())
                                .to(advice)
                                .on(named(point.method)));
                    }
                }
                return instrumented;
            });
        }
        agent.installOn(instrumentation);
    }

    @Retention(RetentionPolicy.RUNTIME)
    @interface PointName {}

    /** Copied to where the method begins. */
    static final class Before {
        private Before() {}

        @Advice.OnMethodEnter
        static void enter(
                @PointName String point,
                @Advice.This(optional = true) Object self,
                @Advice.AllArguments Object[] arguments) {
            CrashAgent.at(point, self, arguments);
        }
    }

    /** Copied to where the method returns. */
    static final class After {
        private After() {}

        @Advice.OnMethodExit
        static void exit(
                @PointName String point,
                @Advice.This(optional = true) Object self,
                @Advice.AllArguments Object[] arguments) {
            CrashAgent.at(point, self, arguments);
        }
    }

    /** Called by the instrumented code. */
    public static void at(String point, Object self, Object[] arguments) {
        try {
            if (Files.exists(armed) && reaches(point, self, arguments)) {
                while (true) {
                    Thread.sleep(Long.MAX_VALUE);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static synchronized boolean reaches(String point, Object self, Object[] arguments) throws IOException {
        List<String> lines = Files.readAllLines(armed);
        for (String line : lines) {
            String[] parts = line.split(" ", 3);
            if (parts[0].equals(point) && !reached.contains(line) && mentions(parts[2], self, arguments)) {
                if (hits.merge(line, 1, Integer::sum) == Integer.parseInt(parts[1])) {
                    reached.add(line);
                    tell(line);
                    if (reached.containsAll(lines)) {
                        killSelf();
                    }
                    return true;
                }
            }
        }
        return false;
    }

    private static void tell(String line) throws IOException {
        Path told = armed.resolveSibling(armed.getFileName() + ".reached");
        Files.writeString(told, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static void killSelf() throws IOException {
        new ProcessBuilder("kill", "-9", Long.toString(ProcessHandle.current().pid()))
                .inheritIO()
                .start();
    }

    private static boolean mentions(String text, Object self, Object[] arguments) {
        StringBuilder description = new StringBuilder(Arrays.deepToString(arguments));
        describe(self, 2, description);
        return description.indexOf(text) >= 0;
    }

    private static void describe(Object object, int depth, StringBuilder description) {
        if (object == null || depth == 0 || !object.getClass().getName().startsWith("dev.sluice.")) {
            return;
        }
        for (Field field : object.getClass().getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers())) {
                try {
                    field.setAccessible(true);
                    Object value = field.get(object);
                    description.append(' ').append(value);
                    describe(value, depth - 1, description);
                } catch (IllegalAccessException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }
}
