package dev.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.sluice.sink.Guarantee;
import dev.sluice.sink.LocalOnly;
import dev.sluice.sink.Secret;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.tracing.Tracer;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hc.client5.http.DnsResolver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.support.StaticListableBeanFactory;

class HttpSinkPropertiesTests {

    private static final String URL = "url=http://h/in";
    private static final HttpSinkType TYPE = new HttpSinkType(
            new SimpleMeterRegistry(),
            new StaticListableBeanFactory().getBeanProvider(Tracer.class),
            new HttpProperties(null),
            new StaticListableBeanFactory().getBeanProvider(DnsResolver.class));

    private static String refusal(String... settings) {
        Throwable cause = catchThrowable(() -> Sending.bind(settings));
        assertThat(cause).isNotNull();
        StringBuilder messages = new StringBuilder();
        for (; cause != null; cause = cause.getCause()) {
            messages.append(cause.getMessage()).append('\n');
        }
        return messages.toString();
    }

    @Test
    void needsNothingButAUrl() {
        HttpSinkProperties settings = Sending.bind(URL);
        assertThat(settings.envelope()).isEqualTo(Envelope.EVENTS);
        assertThat(settings.method()).isEqualTo(Method.POST);
        assertThat(settings.maxAttempts()).isEqualTo(5);
        assertThat(settings.deadline()).isEqualTo(Duration.ofMinutes(2));
        assertThat(settings.maxResponse().toBytes()).isEqualTo(65_536);
        assertThat(settings.headers()).isEmpty();
        assertThat(refusal()).contains("url: is missing");
    }

    @ParameterizedTest
    @CsvSource({
        "ftp://h/in, neither http:// nor https://",
        "h/in, neither http:// nor https://",
        "http:///in, does not name a host",
        "http://h:70000/in, does not name a host",
        "http://ann:hush@h/in, user name",
        "http://ann:hush@my_host/in, user name",
        "http://{partition}.h/in, path and the query only",
        "http://h/in#hush, must not contain a '#'",
        "http://h/in?key=hush hush, is not a URL",
        "http://h/{other}hush, is not a URL"
    })
    void refusesAUrlThatCannotBeSentTo(String url, String reason) {
        assertThat(refusal("url=" + url)).contains("url: ", reason).doesNotContain("hush");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Content-Type", "content-length", "HOST", "Idempotency-Key", "Transfer-Encoding", "Connection"})
    void refusesHeadersThatItSetsItself(String name) {
        assertThat(refusal(URL, "headers.[" + name + "]=hush"))
                .contains("headers: ", "Sluice")
                .doesNotContain("hush");
        assertThat(refusal(URL, "header-files.[" + name + "]=/f")).contains("header-files: ", "Sluice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hush\nX: y", "hush\u0000", "hüsh", " hush", "hush ", ""})
    void refusesValuesThatNoHeaderCanHave(String value) {
        assertThat(refusal(URL, "headers.X-Key=" + value))
                .contains("headers: the value of X-Key")
                .doesNotContain("hush", "hüsh");
    }

    @Test
    void refusesNamesThatNoHeaderCanHaveOrThatStandThereTwice() {
        assertThat(refusal(URL, "headers.[X Key]=hush")).contains("'X Key' is not a header's name");
        assertThat(refusal(URL, "headers.X-Key=hush", "header-files.x-key=/f")).contains("already given in headers");
        assertThat(refusal(URL, "headers.X-Key=hush", "headers.x-key=hush")).contains("already given in headers");
    }

    @ParameterizedTest
    @CsvSource({
        "max-attempts=0",
        "max-attempts=1001",
        "backoff=0s",
        "max-backoff=100ms",
        "timeout=0s",
        "timeout=25h",
        "connect-timeout=-1s",
        "deadline=0s",
        "max-response=17MB",
        "breaker-failures=0",
        "breaker-wait=0s"
    })
    void refusesWhatMakesNoSenseAndNamesTheKey(String setting) {
        String key = setting.substring(0, setting.indexOf('='));
        assertThat(refusal(URL, setting)).contains(key + ": must ");
    }

    @Test
    void sendsToAnotherSluiceOnlyAsThatTakesIt() {
        assertThat(refusal("url=http://h/p?dryRun=true", "envelope=sluice")).contains("envelope: sluice wants");
        assertThat(refusal("url=http://h/p", "envelope=sluice", "method=put")).contains("envelope: sluice wants");
        HttpSinkProperties one = Sending.bind("url=http://h/p", "envelope=sluice");
        assertThat(TYPE.create("s", List.of("a"), one).listParts()).containsExactly("a");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TYPE.create("s", List.of("a", "b"), one))
                .withMessageContaining("{partition}");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TYPE.createDynamic("s", one))
                .withMessageStartingWith("envelope: ");
    }

    @Test
    void promisesWhatTheTargetKeeps() {
        assertThat(TYPE.guarantee(Sending.bind(URL))).isEqualTo(Guarantee.AT_LEAST_ONCE);
        assertThat(TYPE.guarantee(Sending.bind(URL, "target-honours-key=true"))).isEqualTo(Guarantee.EFFECTIVELY_ONCE);
        assertThat(TYPE.guarantee(Sending.bind(URL, "envelope=sluice"))).isEqualTo(Guarantee.EXACTLY_ONCE);
        assertThat(TYPE.takesAnyOrder(Sending.bind(URL))).isTrue();
        assertThat(TYPE.takesAnyOrder(Sending.bind(URL, "envelope=sluice"))).isFalse();
    }

    @Test
    void keepsSecretsToItself() {
        HttpSinkProperties settings = Sending.bind("url=http://h/in?key=hush", "headers.Authorization=Bearer hush");
        assertThat(settings.toString()).contains("http://h/in", "Authorization").doesNotContain("hush");
    }

    @Test
    void marksWhatOthersMustNotShowOrSet() {
        assertThat(marked(Secret.class)).contains("headers");
        assertThat(marked(LocalOnly.class)).containsExactly("headerFiles");
    }

    private static List<String> marked(Class<? extends java.lang.annotation.Annotation> with) {
        return Stream.of(HttpSinkProperties.class.getRecordComponents())
                .filter(component -> component.isAnnotationPresent(with))
                .map(RecordComponent::getName)
                .toList();
    }
}
