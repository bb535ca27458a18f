package dev.sluice.operator;

import dev.sluice.access.Needs;
import dev.sluice.access.Verb;
import dev.sluice.body.Query;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.column.ColumnSource;
import dev.sluice.column.NewColumns;
import dev.sluice.problem.ProblemType;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Proposes a definition for records, of a table with a column for each of their members. */
@RestController
@RequestMapping("/sinks/{sink}/infer")
class InferController {

    private static final Pattern ODD = Pattern.compile("[^\\p{L}\\p{N}_/~ .-]");
    private static final int MOST_BYTES = 55;
    private static final Set<String> RESERVED =
            Set.of("partition_id", "source_offset", "ctid", "xmin", "xmax", "cmin", "cmax", "tableoid");

    /** A definition as it can be put. */
    record Proposal(String type, String table, List<String> partitions, Map<String, ProposedColumn> columns) {}

    /**
     * A column for a member.
     *
     * @param from its JSON Pointer
     * @param type as SQL writes it
     */
    record ProposedColumn(String from, String type) {}

    private final DefinitionBody body;

    InferController(DefinitionBody body) {
        this.body = body;
    }

    @Needs(Verb.DEFINE)
    @PostMapping
    Proposal infer(@PathVariable("sink") String id, HttpServletRequest request) throws IOException {
        Query.parse(request.getQueryString(), Set.of(), ProblemType.MALFORMED_REQUEST);
        SinkDefinition.requireId(id);
        Map<String, ProposedColumn> columns = new LinkedHashMap<>();
        NewColumns.guessed(body.readSamples(request))
                .forEach((name, type) -> columns.put(
                        columnOf(name, columns.keySet()),
                        new ProposedColumn(ColumnSource.named(name).from(), type)));
        return new Proposal("table", id, List.of("0"), columns);
    }

    /* A name that a column may have, and a setting: that of the member, unless it is an odd one. */
    private static String columnOf(String member, Set<String> taken) {
        String plain = ODD.matcher(member).replaceAll("_");
        String name = plain;
        while (name.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
            name = name.substring(0, name.length() - 1);
        }
        while (name.isBlank() || RESERVED.contains(name) || taken.contains(name)) {
            name = name + "_";
        }
        return name;
    }
}
