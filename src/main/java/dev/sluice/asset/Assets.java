package dev.sluice.asset;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/** The files that there are for browsers, each read when it is asked for first. Thread-safe. */
@Component
public class Assets {

    /** Below what path they are. */
    public static final String PATH = "/console/assets/";

    private static final String SCRIPT = "text/javascript;charset=UTF-8";

    private static final String STYLE = "text/css;charset=UTF-8";
    private static final String UPLOT = "META-INF/resources/webjars/uplot/1.6.30/dist/";

    private static final Map<String, Source> SOURCES = Map.of(
            "console.css", new Source("console/console.css", STYLE),
            "console-live.js", new Source("console/console-live.js", SCRIPT),
            "console-charts.js", new Source("console/console-charts.js", SCRIPT),
            "console-tail.js", new Source("console/console-tail.js", SCRIPT),
            "uplot.js", new Source(UPLOT + "uPlot.iife.min.js", SCRIPT),
            "uplot.css", new Source(UPLOT + "uPlot.min.css", STYLE),
            "console.js", new Source("console/console.js", SCRIPT),
            "define.js", new Source("console/define.js", SCRIPT),
            "icon.svg", new Source("console/icon.svg", "image/svg+xml"),
            "htmx.js", new Source("META-INF/resources/webjars/htmx.org/2.0.10/dist/htmx.min.js", SCRIPT));

    private record Source(String place, String type) {}

    private final Map<String, Asset> read = new ConcurrentHashMap<>();

    /** Returns the address of a file, which is another one when there is something else in it. */
    public String url(String name) {
        return PATH + asset(name).orElseThrow().hash() + "/" + name;
    }

    Optional<Asset> asset(String name) {
        return SOURCES.containsKey(name)
                ? Optional.of(read.computeIfAbsent(name, missing -> {
                    Source source = Objects.requireNonNull(SOURCES.get(missing));
                    return Asset.read(source.place(), source.type());
                }))
                : Optional.empty();
    }
}
