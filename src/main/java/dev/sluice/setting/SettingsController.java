package dev.sluice.setting;

import dev.sluice.access.Needs;
import dev.sluice.access.Verb;
import dev.sluice.body.Query;
import dev.sluice.problem.ProblemType;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Set;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The settings of this process, with where each comes from. */
@RestController
class SettingsController {

    record SettingsAnswer(List<EffectiveSetting> settings) {}

    private final EffectiveSettings settings;

    SettingsController(EffectiveSettings settings) {
        this.settings = settings;
    }

    @Needs(Verb.ADMIN)
    @GetMapping("/settings")
    ResponseEntity<SettingsAnswer> settings(HttpServletRequest request) {
        Query.parse(request.getQueryString(), Set.of(), ProblemType.MALFORMED_REQUEST);
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(new SettingsAnswer(settings.all()));
    }
}
