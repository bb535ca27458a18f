package dev.sluice.setting;

import dev.sluice.definition.SettingDescription;
import dev.sluice.definition.SettingDescriptions;
import dev.sluice.definition.SinkTypes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.stereotype.Component;

/** Keeps secrets out of what is shown: by what settings say of themselves, and by what they are called. */
@Component
class Masking {

    private static final String MASK = "***";
    private static final Pattern NAMES =
            Pattern.compile(".*(password|passphrase|passwd|secret|credential|token|privatekey|apikey).*|headers?");
    private static final Pattern USER = Pattern.compile("://[^/?#\\s]*@");
    private static final Pattern QUERY = Pattern.compile("(?i)([a-z][a-z0-9+.:-]*://[^?\\s]*\\?).+");

    private final Set<String> secrets = new HashSet<>();

    Masking(SinkTypes types) {
        types.names().forEach(type -> collect(SettingDescriptions.of(types.settingsType(type))));
    }

    private void collect(List<SettingDescription> settings) {
        for (SettingDescription setting : settings) {
            if (Boolean.TRUE.equals(setting.secret()) && setting.name() != null) {
                secrets.add(uniform(setting.name()));
            }
            collect(inner(setting));
        }
    }

    private static List<SettingDescription> inner(SettingDescription setting) {
        List<SettingDescription> inner = new ArrayList<>();
        if (setting.settings() != null) {
            inner.addAll(setting.settings());
        }
        if (setting.items() != null) {
            inner.add(setting.items());
        }
        if (setting.entries() != null) {
            inner.add(setting.entries());
        }
        return inner;
    }

    /** Returns a value as it may be shown. */
    String shown(ConfigurationPropertyName name, String value) {
        for (int i = 0; i < name.getNumberOfElements(); i++) {
            String element = uniform(name.getElement(i, Form.ORIGINAL));
            // What only says where a secret is kept is none.
            boolean place = element.endsWith("file") || element.endsWith("files") || element.endsWith("directory");
            if (!place && (secrets.contains(element) || NAMES.matcher(element).matches())) {
                return MASK;
            }
        }
        return QUERY.matcher(USER.matcher(value).replaceAll("://" + MASK + "@")).replaceFirst("$1" + MASK);
    }

    private static String uniform(String name) {
        return name.replace("-", "").replace("_", "").toLowerCase(Locale.ROOT);
    }
}
