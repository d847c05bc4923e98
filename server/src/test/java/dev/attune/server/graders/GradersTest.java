package dev.attune.server.graders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attune.server.Rig;
import dev.attune.server.Schemas;
import dev.attune.server.protocol.Json;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class GradersTest {
    private static final String GRADERS = "/v1/fine_tuning/alpha/graders/";

    @TempDir
    private static Path home;
    private static Rig rig;

    @BeforeAll
    static void start() {
        rig = Rig.start(home);
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    private static JsonNode run(String grader, String sample, String item) throws Exception {
        ObjectNode request = Json.object();
        request.set("grader", Json.tree(grader));
        request.put("model_sample", sample).set("item", Json.tree(item));
        HttpResponse<String> answer = rig.post(GRADERS + "run", request.toString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode body = Json.tree(answer.body());
        Schemas.check("RunGraderResponse", body);
        return body;
    }

    private static double reward(String grader, String sample, String item) throws Exception {
        return run(grader, sample, item).path("reward").asDouble();
    }

    @ParameterizedTest
    @CsvSource({"eq, Paris, Paris, 1", "eq, Paris, paris, 0", "ne, Paris, Rome, 1", "like, in Paris today, Paris, 1",
            "like, in paris today, Paris, 0", "ilike, in paris today, Paris, 1"})
    void stringCheckComparesAsItsOperationSays(String operation, String sample, String reference, double expected)
            throws Exception {
        assertThat(reward("""
                {"type":"string_check","name":"s","input":"{{sample.output_text}}","reference":"{{item.want}}",
                 "operation":"%s"}""".formatted(operation), sample, "{\"want\":\"" + reference + "\"}"))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"fuzzy_match, kitten, sitting, 0.6153846", "rouge_1, the cat sat, the cat ran, 0.6666667",
            "rouge_2, the cat sat, the cat ran, 0.5", "rouge_l, a b c d, a c b d, 0.75",
            "gleu, the cat sat down, the cat sat up, 0.6", "cosine, a b, b a, 1",
            "bleu, one two three four five, one two three four five, 1",
            "meteor, the cat sat, the cat sat, 1", "rouge_5, a b, c d, 0"})
    void similaritiesHaveTheirKnownValues(String metric, String reference, String input, double expected) {
        assertThat(GraderSimilarity.of(metric, reference, input)).isCloseTo(expected, within(1e-6));
        assertThat(GraderSimilarity.of(metric, input, input)).isCloseTo(1, within(1e-9));
        assertThat(GraderSimilarity.of(metric, "", "")).isEqualTo(1);
    }

    @Test
    void templatesReachIntoItemsAndJsonAnswers() throws Exception {
        String grader = """
                {"type":"string_check","name":"s","input":"{{sample.output_json.person['name']}}",
                 "reference":"{{item.names[1]}}","operation":"eq"}""";

        assertThat(reward(grader, "{\"person\":{\"name\":\"Ada\"}}", "{\"names\":[\"Bob\",\"Ada\"]}")).isEqualTo(1);
        JsonNode notJson = run(grader, "Ada", "{\"names\":[\"Bob\",\"Ada\"]}");
        assertThat(notJson.path("reward").asDouble()).isZero();
        assertThat(notJson.path("metadata").path("errors").path("sample_parse_error").asBoolean()).isTrue();
        JsonNode noItem = run(grader, "{\"person\":{\"name\":\"Ada\"}}", "{}");
        assertThat(noItem.path("metadata").path("errors").path("invalid_variable_error").asBoolean()).isTrue();
    }

    @Test
    void multiJoinsGradersByItsFormula() throws Exception {
        JsonNode result = run(
                """
                        {"type":"multi","name":"m","calculate_output":"0.8 * exact + 0.2 * max(alike, 0.5)","graders":{
                          "exact":{"type":"string_check","name":"e","input":"{{sample.output_text}}","reference":"yes","operation":"eq"},
                          "alike":{"type":"text_similarity","name":"t","input":"{{sample.output_text}}","reference":"no","evaluation_metric":"fuzzy_match"}}}
                        """,
                "yes", "{}");

        assertThat(result.path("reward").asDouble()).isCloseTo(0.9, within(1e-9));
        assertThat(result.path("sub_rewards").path("exact").asDouble()).isEqualTo(1);
        assertThat(result.path("metadata").path("scores").path("alike").asDouble()).isZero();
    }

    @Test
    void modelsAreAskedInProcess_andAnAnswerThatIsNoNumberIsNought() throws Exception {
        JsonNode result = run("""
                {"type":"score_model","name":"judge","model":"tiny-chat","range":[0,10],
                 "sampling_params":{"temperature":0,"max_completions_tokens":4},
                 "input":[{"role":"user","content":"say number 3, not {{sample.output_text}}"}]}""", "4", "{}");

        assertThat(result.path("metadata").path("sampled_model_name").asString()).isEqualTo("tiny-chat");
        assertThat(result.path("metadata").path("token_usage").asLong()).isPositive();
        assertThat(result.path("model_grader_token_usage_per_model").path("tiny-chat").path("total_tokens").asLong())
                .isPositive();
        assertThat(result.path("metadata").path("errors").path("model_grader_parse_error").asBoolean()).isTrue();
        JsonNode unknown = run("""
                {"type":"label_model","name":"judge","model":"nobody","labels":["good","bad"],"passing_labels":["good"],
                 "input":[{"role":"user","content":[{"type":"input_text","text":"?"}]}]}""", "4", "{}");
        assertThat(unknown.path("metadata").path("errors").path("model_grader_server_error").asBoolean()).isTrue();
        assertThat(unknown.path("metadata").path("errors").path("model_grader_server_error_details").asString())
                .contains("nobody");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"type":"python","name":"p","source":"def grade(s,i): return 1"}                      | grader.type       | foreign code
            {"type":"guess","name":"p"}                                                           | grader.type       | Supported values
            {"type":"string_check","name":"s","input":"a","reference":"b","operation":"is"}       | grader.operation  | Supported values
            {"type":"string_check","name":"s","input":"{{output}}","reference":"b","operation":"eq"} | grader.input   | item or sample
            {"type":"string_check","name":"s","input":"a","operation":"eq"}                       | grader.reference  | Missing required
            {"type":"string_check","name":"s","input":"a","reference":"b","operation":"eq","x":1} | x                 | extra inputs are not permitted
            {"type":"multi","name":"m","calculate_output":"a +","graders":{"a":{"type":"string_check","name":"s","input":"a","reference":"b","operation":"eq"}}} | grader.calculate_output | ends too early
            {"type":"multi","name":"m","calculate_output":"b","graders":{"a":{"type":"string_check","name":"s","input":"a","reference":"b","operation":"eq"}}} | grader.calculate_output | no grader 'b'
            {"type":"multi","name":"m","calculate_output":"a","graders":{"a":{"type":"multi","name":"n"}}} | grader.graders.a.type | inside another
            {"type":"score_model","name":"s","model":"m","input":[],"range":[0,1]}                | grader.input      | at least one
            {"type":"score_model","name":"s","model":"m","input":[{"role":"user","content":"x"}],"range":[1,0]} | grader.range | lower one first
            {"type":"label_model","name":"l","model":"m","input":[{"role":"user","content":"x"}],"labels":["a"],"passing_labels":["b"]} | grader.passing_labels | one of the labels
            """)
    void refusesGradersThatCannotBeMeant(String grader, String param, String sentence) throws Exception {
        HttpResponse<String> answer = rig.post(GRADERS + "validate", "{\"grader\":" + grader + "}");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        Schemas.check("ErrorResponse", Json.tree(answer.body()));
        JsonNode error = Json.tree(answer.body()).path("error");
        assertThat(error.path("param").asString()).isEqualTo(param);
        assertThat(error.path("message").asString()).contains(sentence);
    }

    @Test
    void validGraderIsGivenBack() throws Exception {
        String grader = "{\"type\":\"string_check\",\"name\":\"s\",\"input\":\"a\",\"reference\":\"b\",\"operation\":\"eq\"}";

        JsonNode answer = Json.tree(rig.post(GRADERS + "validate", "{\"grader\":" + grader + "}").body());

        Schemas.check("ValidateGraderResponse", answer);
        assertThat(answer.path("grader")).isEqualTo(Json.tree(grader));
    }

    @ParameterizedTest
    @CsvSource({"1 + 2 * 3, 7", "(1 + 2) * 3, 9", "2 ^ 3 ^ 2, 512", "-2 ^ 2, -4", "8 / 4 / 2, 1", "7 - 2 - 1, 4",
            "sqrt(a) + 1e1, 12", "-a * -b, 12", "'max(a, b, 9)', 9"})
    void formulasHaveTheUsualPrecedence(String formula, double expected) {
        assertThat(GraderFormula.of(formula).value(Map.of("a", 4.0, "b", 3.0))).isCloseTo(expected, within(1e-9));
    }

    @ParameterizedTest
    @CsvSource({"''", "1 +", "(1", "1 2", "* 1", "a ; b", "'abs(1, 2)'"})
    void formulasThatCannotBeReadAreRefused(String formula) {
        assertThatThrownBy(() -> GraderFormula.of(formula)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("formula");
    }
}
