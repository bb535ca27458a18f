package dev.sluice.setting;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.core.env.CommandLinePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.Resource;

/**
 * Where a value comes from.
 *
 * @param kind as {@link EffectiveSetting#origin}
 */
record Origins(String kind, @Nullable String where) {

    static final Origins DEFAULT = new Origins("default", null);

    private static final Pattern ENVIRONMENT = Pattern.compile("System Environment Property \"(.+)\"");

    static Origins of(ConfigurationProperty property) {
        Origin origin = bare(property.getOrigin());
        if (origin instanceof TextResourceOrigin text) {
            return new Origins("file", place(text));
        }
        Object source =
                property.getSource() == null ? null : property.getSource().getUnderlyingSource();
        String name = source instanceof PropertySource<?> named ? named.getName() : "";
        if (source instanceof CommandLinePropertySource) {
            return new Origins("command-line", "--" + property.getName());
        }
        return switch (name) {
            case StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME -> environment(origin);
            case StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME ->
                new Origins("system-property", property.getName().toString());
            default -> new Origins("other", name.isEmpty() ? null : name);
        };
    }

    private static @Nullable Origin bare(@Nullable Origin origin) {
        return origin instanceof PropertySourceOrigin wrapping && wrapping.getOrigin() != null
                ? bare(wrapping.getOrigin())
                : origin;
    }

    private static Origins environment(@Nullable Origin origin) {
        if (origin instanceof PropertySourceOrigin named) {
            return new Origins("environment", named.getPropertyName());
        }
        Matcher variable = ENVIRONMENT.matcher(String.valueOf(origin));
        return new Origins("environment", variable.matches() ? variable.group(1) : null);
    }

    private static String place(TextResourceOrigin origin) {
        Resource resource = origin.getResource();
        String file = resource == null ? "" : resource.getDescription();
        TextResourceOrigin.Location location = origin.getLocation();
        return location == null ? file : file + " " + (location.getLine() + 1) + ":" + (location.getColumn() + 1);
    }
}
