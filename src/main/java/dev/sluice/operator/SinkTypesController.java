package dev.sluice.operator;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.access.Needs;
import dev.sluice.catalog.NearestNames;
import dev.sluice.definition.SettingDescription;
import dev.sluice.definition.SettingDescriptions;
import dev.sluice.definition.SinkTypes;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The types of sinks that there are, and their settings, as the code has them. */
@RestController
@RequestMapping("/sink-types")
class SinkTypesController {

    record TypesAnswer(List<TypeAnswer> types) {}

    /**
     * A type.
     *
     * @param madeOfSinks whether its sinks are made of others, and have their partitions
     * @param settings those of the type
     * @param common those that every definition may have
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record TypeAnswer(
            String type,
            @Nullable String description,
            boolean madeOfSinks,
            List<SettingDescription> settings,
            List<SettingDescription> common) {}

    private final SinkTypes types;

    SinkTypesController(SinkTypes types) {
        this.types = types;
    }

    @Needs({})
    @GetMapping
    ResponseEntity<TypesAnswer> types() {
        return json(new TypesAnswer(types.names().stream().map(this::answer).toList()));
    }

    @Needs({})
    @GetMapping("/{type}")
    ResponseEntity<TypeAnswer> type(@PathVariable("type") String name) {
        if (!types.names().contains(name)) {
            throw Problem.of(
                            ProblemType.NOT_FOUND,
                            "there is no sink type '" + name + "'" + NearestNames.hint(name, types.names())
                                    + "; GET /sink-types lists them all")
                    .with("nearest", NearestNames.of(name, types.names()))
                    .exception();
        }
        return json(answer(name));
    }

    private TypeAnswer answer(String name) {
        Class<?> settings = types.settingsType(name);
        boolean composite = types.composite(name).isPresent();
        return new TypeAnswer(
                name,
                SettingDescriptions.sentence(settings).orElse(null),
                composite,
                SettingDescriptions.of(settings),
                SettingDescriptions.common(composite));
    }

    private static <T> ResponseEntity<T> json(T body) {
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(body);
    }
}
