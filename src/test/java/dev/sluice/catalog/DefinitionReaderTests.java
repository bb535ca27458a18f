package dev.sluice.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.definition.FieldError;
import dev.sluice.definition.StatedDefinition;
import dev.sluice.sink.Guarantee;
import dev.sluice.sink.Reach;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class DefinitionReaderTests {

    private static final JsonMapper JSON = new JsonMapper();

    private final DefinitionReader reader = new DefinitionReader(TypesForTests.types(), () -> Reach.AS_SET);

    @SuppressWarnings("unchecked")
    private static Map<String, Object> settings(String json) {
        return JSON.readValue("{" + json.replace('\'', '"') + "}", Map.class);
    }

    private static StatedDefinition stored(String id, String json) {
        return new StatedDefinition(id, false, settings(json), 7, null);
    }

    private SinkDefinition define(StatedDefinition stated) {
        return reader.read(stated).build().apply(List.of());
    }

    private List<FieldError> errors(StatedDefinition stated) {
        return catchThrowableOfType(InvalidDefinitionException.class, () -> define(stated))
                .errors();
    }

    @Test
    void readsPartitionsAndDefaults() {
        SinkDefinition sink = define(stored("s", "'type':'plain','partitions':['b','a',0]"));
        assertThat(sink.partitions()).containsExactly("b", "a", "0");
        assertThat(sink.guarantee()).isEqualTo(Guarantee.EXACTLY_ONCE);
        assertThat(sink.anyOrder()).isFalse();
        assertThat(sink.maxRanges()).isZero();
        assertThat(sink.stateless()).isFalse();
        assertThat(sink.source()).isEqualTo(SinkDefinition.Source.DATABASE);
        assertThat(sink.revision()).isEqualTo(7);
    }

    @Test
    void readsWorkers() {
        SinkDefinition sink = define(stored("s", "'type':'plain','workers':3"));
        assertThat(sink.partitions()).containsExactly("0", "1", "2");
        assertThat(sink.stateless()).isTrue();
        assertThat(sink.guarantee()).isEqualTo(Guarantee.AT_LEAST_ONCE);
    }

    @Test
    void readsAnyOrder() {
        String any = "'type':'plain','partitions':['0'],'unordered':true,'order':'any'";
        assertThat(define(stored("s", any)).maxRanges()).isEqualTo(10_000);
        assertThat(define(stored("s", any + ",'max-ranges':5")).maxRanges()).isEqualTo(5);
        assertThat(define(stored("s", "'type':'plain','partitions':['0'],'order':'offset'"))
                        .anyOrder())
                .isFalse();
    }

    @Test
    void understandsHowTheConfigurationSpellsThings() {
        SinkDefinition sink = define(StatedDefinition.configured(
                "s", Map.of("type", "plain", "partitions", "0, 1", "batchSize", "5", "delays", Map.of("0", "5s"))));
        assertThat(sink.partitions()).containsExactly("0", "1");
        assertThat(sink.settings()).containsEntry("batch-size", "5").containsEntry("delays", List.of("5s"));
        assertThat(define(StatedDefinition.configured(
                                "s", Map.of("type", "plain", "partitions", Map.of("0", "x"), "delays", "5s,6s")))
                        .partitions())
                .containsExactly("x");
    }

    @Test
    void picksPartitionsByIndexOfTheKeysHash() {
        SinkDefinition sink = define(stored("s", "'type':'plain','partitions':['b','a','c']"));
        // CRC-32C of "123456789" is 0xe3069283, which as an int would be negative.
        assertThat(sink.partitionOf("123456789")).isEqualTo((int) (0xe3069283L % 3));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "''                                                | type           | is missing",
                "'type':'plan','partitions':['0']                  | type           | did you mean plain",
                "'type':'plain'                                    | partitions     | must list 1 to 100000",
                "'type':'plain','partitions':[]                    | partitions     | but lists 0",
                "'type':'plain','partitions':'0'                   | partitions     | must be a list",
                "'type':'plain','partitions':['0','a/b']           | partitions[1]  | is not a partition's name",
                "'type':'plain','partitions':['0','a','0']         | partitions[2]  | stands there twice",
                "'type':'plain','partitions':[['0']]               | partitions[0]  | must be a name",
                "'type':'plain','partitions':['0'],'workers':2     | workers        | either partitions or workers",
                "'type':'plain','workers':0                        | workers        | from 1 to 1000",
                "'type':'plain','workers':1001                     | workers        | from 1 to 1000",
                "'type':'plain','workers':1.5                      | workers        | a whole number",
                "'type':'plain','workers':2,'order':'any'          | order          | workers take no offsets",
                "'type':'plain','workers':2,'guarantee':'exactly-once' | guarantee  | is at-least-once",
                "'type':'plain','partitions':['0'],'order':'some'  | order          | must be offset or any",
                "'type':'plain','partitions':['0'],'order':'any'   | order          | in the order of their offsets only",
                "'type':'plain','partitions':['0'],'max-ranges':9  | max-ranges     | order: any only",
                "'type':'plain','partitions':['0'],'unordered':true,'order':'any','max-ranges':0 | max-ranges | to 100000",
                "'type':'plain','partitions':['0'],'guarantee':'2' | guarantee      | is none of none, at-least-once",
                "'type':'plain','partitions':['0'],'batchSize':5   | batchSize      | did you mean batch-size",
                "'type':'plain','partitions':['0'],'batch-size':'x' | batch-size    | 'x' is not a possible value, expected is a whole number",
                "'type':'plain','partitions':['0'],'batch-size':1.5 | batch-size    | a whole number",
                "'type':'plain','partitions':['0'],'batch-size':0  | batch-size     | must be 1 or more",
                "'type':'plain','partitions':['0'],'batch-size':[] | batch-size     | but is a list",
                "'type':'plain','partitions':['0'],'colour':'blue' | colour         | is none of red, green",
                "'type':'plain','partitions':['0'],'bytes':'big'   | bytes          | a size, like 1MB",
                "'type':'plain','partitions':['0'],'delays':['1s','soon'] | delays[1] | a duration, like 30s",
                "'type':'plain','partitions':['0'],'delays':'1s'   | delays         | must be a list",
                "'type':'plain','partitions':['0'],'weights':{'a.b':'x'} | weights.a.b | a whole number",
                "'type':'plain','partitions':['0'],'weights':5     | weights        | must be an object",
                "'type':'plain','partitions':['0'],'retry':{'delay':'1s','atempts':5} | retry.atempts | did you mean attempts",
                "'type':'plain','partitions':['0'],'retry':{'attempts':0} | retry.attempts | must be 1 or more",
                "'type':'plain','partitions':['0'],'password-file':'/etc/passwd' | password-file | configuration of the service only",
                "'type':'copy','target':'t','partitions':['0']     | partitions     | those of its targets",
                "'type':'copy','target':'t','workers':1            | workers        | those of its targets",
                "'type':'copy','target':'t','order':'any'          | order          | those of its targets",
            })
    void tellsWhatIsWrongWithWhichField(String json, String field, String message) {
        assertThat(errors(stored("s", json.equals("''") ? "" : json)))
                .singleElement()
                .satisfies(error -> {
                    assertThat(error.field()).isEqualTo(field);
                    assertThat(InvalidDefinitionException.text(error)).contains(message);
                });
    }

    @Test
    void tellsAllErrorsAtOnce() {
        assertThat(errors(stored(
                        "s",
                        "'type':'plain','partitions':['..','0'],'workers':1,'guarantee':'no','batch-size':'x',"
                                + "'colour':'blue','retry':{'attempts':0,'delay':'x'},'nonsense':1")))
                .extracting(FieldError::field)
                .containsExactlyInAnyOrder("workers", "guarantee", "batch-size", "colour", "retry.delay", "nonsense");
        assertThat(
                        errors(
                                stored(
                                        "s",
                                        "'type':'plain','partitions':['0'],'unordered':false,'order':'any','guarantee':'exactly-once'")))
                .extracting(FieldError::field)
                .containsExactly("order");
    }

    @Test
    void showsSettingsWithoutSecrets() {
        SinkDefinition sink = define(stored(
                "s",
                "'type':'plain','partitions':['0'],'token':'hunter2','headers':{'Authorization':'Bearer hunter2'},"
                        + "'weights':{'a.b':1}"));
        assertThat(sink.settings())
                .containsEntry("token", "***")
                .containsEntry("headers", Map.of("Authorization", "***"))
                .containsEntry("weights", Map.of("a.b", "1"));
        assertThat(sink.settings().toString()).doesNotContain("hunter2");
    }

    @Test
    void repeatsNoSecretInAnError() {
        assertThat(errors(stored("s", "'type':'plain','partitions':['0'],'token':'guess-me'")))
                .containsExactly(FieldError.of("token", "'***' can be guessed"));
        assertThat(errors(stored("s", "'type':'plain','partitions':['0'],'token':['hunter2']"))
                        .toString())
                .contains("must be a text")
                .doesNotContain("hunter2");
    }
}
