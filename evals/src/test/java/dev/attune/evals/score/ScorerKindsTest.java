package dev.attune.evals.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attune.evals.config.ConfigProblems;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.JsonNodeFactory;

class ScorerKindsTest {

    private static Scorer scorer(String json) {
        var problems = new ConfigProblems();
        Scorer scorer = Scorers.with(Map.of()).read(problems, "", Json.MAPPER.readTree(json.replace('\'', '"')));
        problems.throwIfAny("scorer");
        return scorer;
    }

    private static double value(String json, String expected, String actual) {
        return scorer(json).score(expected, actual).value();
    }

    private static Sample answered(String expected, Answer answer) {
        return new Sample(JsonNodeFactory.instance.objectNode(), "", expected, true, answer);
    }

    @Test
    void similaritiesHaveTheirKnownValues() {
        String a = "the cat sat on the mat";
        String b = "the cat is on the mat";
        assertThat(value("'rouge_l'", a, b)).isCloseTo(0.833333, within(5e-7));
        assertThat(value("'rouge_1'", a, b)).isCloseTo(5 / 6.0, within(1e-12));
        assertThat(value("'rouge_2'", a, b)).isCloseTo(3 / 5.0, within(1e-12));
        assertThat(value("'token_f1'", "cat sat", "the cat sat down")).isCloseTo(0.8, within(1e-12));
        assertThat(value("'levenshtein'", "kitten", "sitting")).isCloseTo(1 - 3 / 7.0, within(1e-12));
        assertThat(value("'cosine'", "a b", "b c")).isCloseTo(0.5, within(1e-12));
        assertThat(value("'partial'", "Paris", "It is Paris.")).isEqualTo(0.8);
        assertThat(value("'partial'", "red green blue", "blue red black white")).isEqualTo(0.5);
        assertThat(value("'gleu'", a, b)).isCloseTo((5 + 3 + 1 + 0) / 18.0, within(1e-12));
    }

    @Test
    void bleuHasItsKnownPrecisionsAndNoZeroForASentence() {
        List<String> want = Texts.words("the cat sat on the mat");
        List<String> got = Texts.words("the cat is on the mat");
        assertThat(Similarity.clipped(want, got, 1)).isEqualTo(5);
        assertThat(Similarity.clipped(want, got, 2)).isEqualTo(3);
        assertThat(Similarity.clipped(want, got, 3)).isEqualTo(1);
        assertThat(Similarity.clipped(want, got, 4)).isZero();
        assertThat(value("'bleu'", "the cat sat on the mat", "the cat is on the mat"))
                .isCloseTo(Math.pow(5 / 6.0 * 3 / 5.0 * 1 / 4.0 * 0.5 / 3.0, 0.25), within(1e-12));
        assertThat(value("'bleu'", "the cat sat on the mat", "the cat")).isCloseTo(Math.exp(1 - 3), within(1e-12));
        assertThat(value("'bleu'", "one", "two")).isZero();
    }

    @Test
    void lettersAndOrderCountWhereTheyShould() {
        assertThat(value("'chrf'", "abc", "abc")).isEqualTo(1);
        assertThat(value("'chrf'", "abcd", "abce")).as("F2 of 3/4, 2/3, 1/2 and 0")
                .isCloseTo((0.75 + 2 / 3.0 + 0.5 + 0) / 4, within(1e-12));
        assertThat(value("'meteor'", "the cat sat", "the cat sat")).isEqualTo(1);
        assertThat(value("'meteor'", "the cat sat on", "sat on the cat"))
                .as("all words, in two runs").isCloseTo(1 - 0.5 * Math.pow(2 / 4.0, 3), within(1e-12));
    }

    @Test
    void everySimilarityIsOneForTheSameAndBoundedForAll() {
        long seed = Long.getLong("attune.seed", System.nanoTime());
        System.out.println("ScorerKindsTest: -Dattune.seed=" + seed);
        var random = new SplittableRandom(seed);
        List<String> words = List.of("the", "a", "cat", "Über", "7", "–", "😀", "", "mat.", "\n");
        for (int round = 0; round < 300; round++) {
            String a = text(random, words);
            String b = text(random, words);
            for (String name : List.of("partial", "levenshtein", "token_f1", "rouge_1", "rouge_2", "rouge_l", "bleu",
                    "gleu",
                    "chrf", "meteor", "cosine")) {
                Scorer scorer = Scorers.named(name);
                assertThat(scorer.score(a, a).value()).as("%s of %s", name, a).isEqualTo(1);
                assertThat(scorer.score(a, b).value()).isBetween(0.0, 1.0);
            }
        }
    }

    private static String text(SplittableRandom random, List<String> words) {
        var text = new StringBuilder();
        for (int i = random.nextInt(9); i > 0; i--) {
            text.append(words.get(random.nextInt(words.size()))).append(' ');
        }
        return text.toString();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {'equals': 'yes'}                               | yes            | no
            {'iequals': 'yes'}                              | YES            | yes!
            {'contains_all': ['a', 'b']}                    | b a            | a
            {'contains_any': ['a', 'b']}                    | xbx            | xyz
            {'icontains': 'PARIS'}                          | in paris       | in rome
            {'starts_with': 'Dear'}                         | Dear you       | Hello
            {'ends_with': ['Yours', 'Best']}                | so, Best       | so
            {'one_of': ['low', 'high']}                     | High           | higher
            {'regex': '^\\\\d{4}$'}                         | 2024           | 20245
            {'not-contains': 'secret'}                      | fine           | the secret
            {'is_json': {}}                                 | {"a": 1}       | {a: 1}
            {'json_path': {'path': '$.a[1]', 'equals': '2'}}| {"a": [1, 2]}  | {"a": [1, 3]}
            {'json_path': '/a'}                             | {"a": null}    | {"b": 1}
            {'is_xml': {}}                                  | <a><b/></a>    | <a><b></a>
            {'length': {'max': 3, 'unit': 'words'}}         | a b c          | a b c d
            {'length': {'min': 2, 'unit': 'sentences'}}     | One. Two.      | One.
            {'refusal': {}}                                 | I'm sorry, but I can't help with that. | Sure, I can help with that.
            {'not_refusal': {}}                             | Here you are.  | I cannot provide that.
            {'no_personal_data': {}}                        | call me        | write to a.b@example.org
            {'no_personal_data': {}}                        | 4111 1111 1111 1112 | 4111 1111 1111 1111
            {'all': ['refusal', {'length': {'max': 60}}]}   | I can't help with that. | I can.
            {'any': [{'equals': 'a'}, {'equals': 'b'}]}     | b              | c
            {'not': {'equals': 'a'}}                        | b              | a
            """)
    void eachKindKnowsGoodFromBad(String spec, String good, String bad) {
        assertThat(value(spec, "x", good)).as("%s of %s", spec, good).isEqualTo(1);
        Score wrong = scorer(spec).score("x", bad);
        assertThat(wrong.value()).as("%s of %s", spec, bad).isZero();
        assertThat(wrong.reason()).isNotEmpty();
        assertThat(wrong.feedback()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            42 | The answer is 42. | 1
            42 | First 41, then 42.0 | 1
            1,234.5 | 1234.5 | 1
            −3 | It is -3 degrees | 1
            42 | 43 | 0
            42 | none | 0
            """)
    void theLastNumberCounts(String expected, String actual, double value) {
        assertThat(value("'number'", expected, actual)).isEqualTo(value);
    }

    @Test
    void numbersHaveTolerances() {
        assertThat(value("{'number': {'tolerance': 0.5}}", "10", "10.4")).isEqualTo(1);
        assertThat(value("{'number': {'relative': 0.01}}", "1000", "1011")).isZero();
        assertThat(value("'probability'", "yes", "70 %")).isCloseTo(1 - 0.09, within(1e-12));
        assertThat(value("'probability'", "no", "0.7")).isCloseTo(1 - 0.49, within(1e-12));
        assertThatThrownBy(() -> value("'number'", "none", "3")).isInstanceOf(UnscorableException.class);
    }

    @Test
    void labelsAreFoundInAnswers() {
        String spec = "{'label': ['billing', 'shipping', 'not shipped']}";
        assertThat(value(spec, "billing", "Billing.")).isEqualTo(1);
        assertThat(value(spec, "billing", "The label is: billing")).isEqualTo(1);
        assertThat(value(spec, "billing", "billing or shipping")).as("two labels are none").isZero();
        assertThat(value(spec, "billing", "rebilling")).isZero();
        assertThat(scorer(spec).score("billing", "shipping").reason()).isEqualTo("the label is shipping, not billing");
    }

    @Test
    void classificationsHaveTheirFigures() {
        var result = Classification.of(List.of("a", "a", "a", "b", "b", "c"), List.of("a", "a", "b", "b", "b", "a"));
        assertThat(result.accuracy()).isCloseTo(4 / 6.0, within(1e-12));
        assertThat(result.balancedAccuracy()).isCloseTo((2 / 3.0 + 1 + 0) / 3, within(1e-12));
        assertThat(result.precision("a")).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(result.f1("b")).isCloseTo(0.8, within(1e-12));
        assertThat(result.macroF1()).isCloseTo((2 / 3.0 + 0.8 + 0) / 3, within(1e-12));
        assertThat(result.matthews()).isCloseTo((4 * 6 - 15) / Math.sqrt((36.0 - 14) * (36 - 18)), within(1e-12));
        assertThat(Classification.of(List.of("a"), List.of("a")).matthews()).isZero();
        assertThat(Classification.of(List.of(), List.of()).accuracy()).isZero();
    }

    @Test
    void fieldsHaveScorersOfTheirOwn() {
        String spec = "{'json_fields': {'fields': {'category': 'exact', 'summary': {'rouge_l': 0.6}, 'n.x': 'number'}}}";
        String want = "{\"category\":\"billing\",\"summary\":\"card was charged twice\",\"n\":{\"x\":7}}";
        assertThat(value(spec, want,
                "{\"category\":\"billing\",\"summary\":\"the card was charged two times\",\"n\":{\"x\":7.0},\"extra\":1}"))
                .isEqualTo(1);
        Score score = scorer(spec).score(want, "{\"category\":\"shipping\",\"summary\":\"nothing alike\"}");
        assertThat(score.value()).isZero();
        assertThat(score.reason()).contains("category: \"shipping\" is not \"billing\"", "n.x is missing");
    }

    @Test
    void schemasAreCheckedAndUnknownKeywordsRefused() {
        String schema = "{'is_json': {'schema': {'type': 'object', 'required': ['n'], 'additionalProperties': false,"
                + " 'properties': {'n': {'type': 'integer', 'minimum': 1}, 's': {'enum': ['x', null]}, 'l': {'type': 'array', 'items': {'$ref': '#/$defs/t'}, 'uniqueItems': true}},"
                + " '$defs': {'t': {'type': 'string', 'pattern': '^a'}}}}}";
        assertThat(value(schema, "", "{\"n\": 2, \"s\": null, \"l\": [\"a\", \"ab\"]}")).isEqualTo(1);
        assertThat(scorer(schema).score("", "{\"n\": 0, \"l\": [\"b\"], \"z\": 1}").reason())
                .contains("/n is below 1", "/l/0 does not match", "/z must not be there");
        assertThat(scorer(schema).score("", "[]").reason()).isEqualTo("/ must be of type object");
        assertThatThrownBy(() -> scorer("{'is_json': {'schema': {'properties': {'a': {'dependentRequired': {}}}}}}"))
                .hasMessageContaining("/properties/a/dependentRequired, which is not checked here");
    }

    @Test
    void toolCallsAreMatchedWithPartialCredit() {
        String want = "weather({\"city\":\"Rome\",\"unit\":\"C\"})";
        assertThat(value("'tool_calls'", want, want)).isEqualTo(1);
        Answer called = new Answer("", List.of(new Answer.ToolCall("weather", "{\"unit\":\"C\",\"city\":\"Rome\"}")),
                "tool_calls", 1, 1, 1, 0);
        assertThat(scorer("'tool_calls'").score(answered(want, called)).value()).isEqualTo(1);
        Answer half = new Answer("", List.of(new Answer.ToolCall("weather", "{\"unit\":\"F\",\"city\":\"Rome\"}")),
                "tool_calls", 1, 1, 1, 0);
        assertThat(scorer("'tool_calls'").score(answered(want, half)).value()).isCloseTo(0.75, within(1e-12));
        assertThat(scorer("{'tool_calls': {'names_only': true}}").score(answered(want, half)).value()).isEqualTo(1);
        assertThat(scorer("'tool_calls'").score(answered("", half)).value()).isZero();
        assertThat(scorer("'tool_calls'").score(want, "no call").reason()).isEqualTo("weather is not called");
        assertThat(value("'tool_calls'", "[{\"name\":\"a\",\"arguments\":{}}]", "a({})\nb({})")).isCloseTo(2 / 3.0,
                within(1e-12));
    }

    @Test
    void whatIsNotKnownIsNotScored() {
        assertThatThrownBy(() -> value("{'latency': {'at_most': 2}}", "", "x")).isInstanceOf(UnscorableException.class)
                .hasMessage("the seconds of the answer are not known");
        var fast = new Answer("x", List.of(), "stop", 3, 5, 0.5, 0.001);
        assertThat(scorer("{'latency': {'at_most': 2}}").score(answered("", fast)).value()).isEqualTo(1);
        assertThat(scorer("{'tokens': {'at_most': 4}}").score(answered("", fast)).reason())
                .isEqualTo("5 tokens, not at most 4");
        assertThat(scorer("{'cost': {'at_most': 0.01}}").score(answered("", fast)).value()).isEqualTo(1);
        assertThat(scorer("'finish'").score(answered("", fast)).value()).isEqualTo(1);
        var none = new Sample(JsonNodeFactory.instance.objectNode(), "q", "", false, Answer.of("x"));
        assertThatThrownBy(() -> Scorers.named("exact").score(none)).hasMessage("the row has no expected answer");
        assertThat(scorer("{'contains': 'x'}").score(none).value()).as("needs no reference").isEqualTo(1);
    }

    @Test
    void combinationsCombine() {
        String parts = "'scorers': {'a': {'equals': 'x'}, 'b': {'contains': 'y'}}";
        assertThat(value("{'weighted': {'weights': {'a': 3}, " + parts + "}}", "", "y")).isEqualTo(0.25);
        assertThat(value("{'formula': {'is': 'max(a, 0.5 * b) + 0.1', " + parts + "}}", "", "y")).isCloseTo(0.6,
                within(1e-12));
        assertThat(scorer("{'rouge_l': {'name': 'near', 'threshold': 0.5}}").name()).isEqualTo("near");
        assertThat(value("{'rouge_l': 0.9}", "a b c d", "a b c")).isZero();
        assertThat(value("{'rouge_l': 0.8}", "a b c d", "a b c")).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1 + 2 * 3 | 7
            -(a - b) / 2 | 0.25
            min(a, b, 0.3) | 0.3
            sqrt(abs(-4)) + floor(1.9) + ceil(0.1) | 4
            log(exp(2)) | 2
            """)
    void formulasAreArithmetic(String source, double value) {
        assertThat(Formula.of(source).value(Map.of("a", 0.5, "b", 1.0))).isCloseTo(value, within(1e-12));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            1 + | a number, a name or a bracket is expected
            (a | ')' is missing
            a b | nothing may follow here
            pow(a) | there is no function pow
            1.2.3 | 1.2.3 is no number
            """)
    void brokenFormulasAreTold(String source, String said) {
        assertThatThrownBy(() -> Formula.of(source)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(said);
        assertThatThrownBy(() -> Formula.of("(".repeat(200_000))).hasMessageContaining("too many brackets");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {'rouge_l': {'treshold': 0.5}} | /rouge_l/treshold: unknown key "treshold"; did you mean "threshold"?
            {'rogue_l': 0.5} | "rogue_l" is no scorer; did you mean "rouge_l"?
            {'regex': '('} | is no pattern
            {'rouge_l': {'threshold': 2}} | must be a number from 0 to 1, not the number 2
            {'length': {}} | give min, max or both
            {'formula': {'is': 'a + c', 'scorers': {'a': 'exact'}}} | names "c", which is not among the scorers
            {'weighted': {'weights': {'z': 1}, 'scorers': {'a': 'exact'}}} | unknown key "z"
            {'exact': {}, 'bleu': {}} | a mapping with 2 keys
            7 | must be a scorer's name
            """)
    void whatIsWrittenWrongIsTold(String spec, String said) {
        assertThatThrownBy(() -> scorer(spec)).hasMessageContaining(said);
    }

    @Test
    void templatesAreFilledOnceAndNeverSilentlyEmpty() {
        var item = JsonNodeFactory.instance.objectNode().put("city", "{{expected}}");
        item.putObject("a").putArray("b").add(7);
        var sample = new Sample(item, "q?", "gold", true, Answer.of("{\"k\": \"v\"}"));
        assertThat(Template.of(
                "{{item.city}} {{ item.a.b.0 }} {{question}} {{expected}} {{sample.output_json.k}} {{sample.output_text}}")
                .fill(sample))
                .isEqualTo("{{expected}} 7 q? gold v {\"k\": \"v\"}");
        assertThatThrownBy(() -> Template.of("{{item.town}}").fill(sample))
                .hasMessage("the row has nothing for {{item.town}}");
        assertThat(Template.of("{ {x}} {{ }}").fill(sample)).isEqualTo("{ {x}} {{ }}");
    }

    @Test
    void aPatternThatBacktracksWithoutEndIsStopped() {
        var text = new Patience("a");
        assertThatThrownBy(() -> {
            for (int looks = 0; looks < Integer.MAX_VALUE; looks++) {
                text.charAt(0);
            }
        }).isInstanceOf(UnscorableException.class).hasMessageContaining("backtracks less");
    }

    @Test
    void programsScoreByLines() {
        String program = "while read -r line; do case \"$line\" in *good*) echo '{\"score\":1}';; *ask*) echo '{\"unscored\":\"cannot say\"}';;"
                + " *mad*) echo nonsense;; *die*) exit 3;; *) echo '{\"score\":0.25,\"reason\":\"meh\",\"feedback\":\"Do better.\"}';; esac; done";
        var scorer = new ProcessScorer(List.of("sh", "-c", program), java.time.Duration.ofSeconds(20));
        try {
            assertThat(scorer.score("", "good")).isEqualTo(new Score(1, ""));
            assertThat(scorer.score("", "other")).isEqualTo(new Score(0.25, "meh", "Do better."));
            assertThatThrownBy(() -> scorer.score("", "ask")).isInstanceOf(UnscorableException.class)
                    .hasMessage("cannot say");
            assertThatThrownBy(() -> scorer.score("", "mad")).hasMessageContaining("wrote no JSON");
            assertThatThrownBy(() -> scorer.score("", "die")).hasMessageContaining("it ended");
            assertThat(scorer.score("", "good").value()).as("started again").isEqualTo(1);
        } finally {
            Scorers.close(scorer);
        }
    }
}
