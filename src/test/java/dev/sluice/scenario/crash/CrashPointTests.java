package dev.sluice.scenario.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CrashPointTests {

    @ParameterizedTest
    @EnumSource
    void isTheEdgeOfAMethodThatExists(CrashPoint point) throws ClassNotFoundException {
        Class<?> type = Class.forName(point.type, false, getClass().getClassLoader());
        assertThat(Arrays.stream(type.getDeclaredMethods()).map(Method::getName))
                .contains(point.method);
    }
}
