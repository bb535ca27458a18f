package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What Prometheus reads: samples by name and labels. */
record Scrape(Map<Sample, Double> samples) {

    /** A series. */
    record Sample(String name, Map<String, String> labels) {}

    private static final Pattern LINE = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (\\S+)(?: \\d+)?");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\.)*)\",?");

    static Scrape of(Client client) {
        Answer answer = client.get("/actuator/prometheus");
        assertThat(answer.status()).isEqualTo(200);
        Map<Sample, Double> samples = new LinkedHashMap<>();
        answer.body()
                .stringValue()
                .lines()
                .filter(line -> !line.startsWith("#") && !line.isBlank())
                .forEach(line -> {
                    Matcher matcher = LINE.matcher(line);
                    assertThat(matcher.matches()).as(line).isTrue();
                    samples.put(
                            new Sample(matcher.group(1), labels(matcher.group(2))), Double.valueOf(matcher.group(3)));
                });
        return new Scrape(samples);
    }

    private static Map<String, String> labels(String text) {
        Map<String, String> labels = new TreeMap<>();
        if (text != null) {
            LABEL.matcher(text).results().forEach(label -> labels.put(label.group(1), label.group(2)));
        }
        return labels;
    }

    /** Returns the names of all samples. */
    Set<String> names() {
        return samples.keySet().stream().map(Sample::name).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Returns the values that a label has in samples whose name begins so. */
    Set<String> values(String prefix, String label) {
        return samples.keySet().stream()
                .filter(sample -> sample.name().startsWith(prefix))
                .flatMap(sample -> Stream.ofNullable(sample.labels().get(label)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Returns the sum of all samples of that name with these labels, written {@code name=value}. */
    double sum(String name, String... labels) {
        return samples.entrySet().stream()
                .filter(sample -> sample.getKey().name().equals(name)
                        && Arrays.stream(labels).allMatch(label -> has(sample.getKey(), label)))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    /** Returns the one sample of that name with these labels. */
    double one(String name, String... labels) {
        Map<Sample, Double> found = samples.entrySet().stream()
                .filter(sample -> sample.getKey().name().equals(name)
                        && Arrays.stream(labels).allMatch(label -> has(sample.getKey(), label)))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        assertThat(found).as(name + " " + Arrays.toString(labels)).hasSize(1);
        return found.values().iterator().next();
    }

    private static boolean has(Sample sample, String label) {
        int equals = label.indexOf('=');
        return label.substring(equals + 1).equals(sample.labels().get(label.substring(0, equals)));
    }
}
