package dev.attune.evals.convert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.evals.config.ConfigProblems;
import dev.attune.evals.judge.Judges;
import dev.attune.evals.run.Question;
import dev.attune.evals.run.QuestionFile;
import dev.attune.evals.run.ScriptedModel;
import dev.attune.evals.score.Answer;
import dev.attune.evals.score.Scorer;
import dev.attune.evals.score.Scorers;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ImportTest {

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text.replace('\'', '"'));
    }

    /** The scorers of what was imported, read as an evaluation file is read; so nothing is written that cannot be read. */
    private static List<Scorer> scorers(Imported imported) {
        var problems = new ConfigProblems();
        var judges = new Judges(Path.of(""), List.of("MODEL"), name -> new ScriptedModel(name, call -> "GRADE: 1"));
        List<Scorer> scorers = Scorers.with(Map.of("judge", judges)).readAll(problems, "/scorers",
                imported.file().at("/evaluate/scorers"));
        problems.throwIfAny("imported");
        return scorers;
    }

    private static double score(Imported imported, int row, String answer) {
        Question question = QuestionFile.row(imported.rows().get(row), row + 1, QuestionFile.Prompt.NONE);
        return scorers(imported).getFirst().score(question.answered(Answer.of(answer))).value();
    }

    @Test
    void gradersOfOpenAiBecomeScorers() {
        Imported imported = OpenAiEvalImport.read(
                json("""
                        {'testing_criteria': [
                          {'type': 'string_check', 'name': 'same', 'input': '{{sample.output_text}}', 'reference': '{{item.label}}', 'operation': 'eq'},
                          {'type': 'string_check', 'name': 'field', 'input': '{{ sample.output_json.kind }}', 'reference': 'x', 'operation': 'ne'},
                          {'type': 'text_similarity', 'name': 'near', 'input': '{{sample.output_text}}', 'reference': '{{item.label}}', 'evaluation_metric': 'fuzzy_match', 'pass_threshold': 0.8},
                          {'type': 'score_model', 'name': 'nice', 'model': 'gpt-4o', 'range': [0, 1], 'input': [{'role': 'user', 'content': 'Is {{sample.output_text}} polite to {{item.who}}?'}]},
                          {'type': 'label_model', 'name': 'mood', 'model': 'gpt-4o', 'labels': ['good', 'bad'], 'passing_labels': ['good'], 'input': [{'role': 'developer', 'content': 'Say the mood.'}]},
                          {'type': 'multi', 'name': 'both', 'calculate_output': '0.5 * a + 0.5 * b', 'graders': {
                             'a': {'type': 'string_check', 'name': 'a', 'input': '{{sample.output_text}}', 'reference': 'A', 'operation': 'like'},
                             'b': {'type': 'text_similarity', 'name': 'b', 'input': '{{sample.output_text}}', 'reference': 'A', 'evaluation_metric': 'rouge_l'}}},
                          {'type': 'python', 'name': 'mine', 'source': 'def grade(sample, item): return 1'}],
                         'data_source': {'source': {'type': 'file_content', 'content': [{'item': {'input': 'q', 'label': 'billing', 'who': 'her'}}]}}}
                        """),
                "");
        assertThat(scorers(imported)).extracting(Scorer::name).containsExactly("same", "field", "near", "nice", "mood",
                "both");
        assertThat(imported.leftOut()).singleElement().asString().contains("\"mine\"", "process: {command:");
        assertThat(imported.notes()).anyMatch(note -> note.contains("levenshtein"));
        assertThat(score(imported, 0, "billing")).isEqualTo(1);
        assertThat(score(imported, 0, "shipping")).isZero();
        assertThat(imported.file().toString()).contains("Is (the answer below) polite to {{item.who}}?")
                .doesNotContain("{{sample.output_text}} polite");
    }

    @Test
    void configurationsOfPromptfooBecomeRowsWithChecks() {
        Imported imported = PromptfooImport.read(
                json("""
                        {'prompts': ['Translate to {{language}}: {{text}}', 'file://other.txt'], 'providers': ['openai:chat:gpt-4o-mini'],
                         'defaultTest': {'assert': [{'type': 'latency', 'threshold': 3000}]},
                         'tests': [
                           {'vars': {'language': 'German', 'text': 'cat'}, 'assert': [{'type': 'icontains', 'value': 'katze'}, {'type': 'not-contains', 'value': '{{text}}'}]},
                           {'vars': {'language': 'French', 'text': 'dog'}, 'assert': [{'type': 'javascript', 'value': 'true'}, {'type': 'llm-rubric', 'value': 'is polite'}, {'type': 'rouge-n', 'value': 'le chien'}]}]}
                        """),
                "");
        assertThat(imported.file().at("/evaluate/model").asString()).isEqualTo("gpt-4o-mini");
        assertThat(imported.rows()).hasSize(2);
        assertThat(imported.rows().getFirst().path("input").asString()).isEqualTo("Translate to German: cat");
        assertThat(imported.leftOut()).hasSize(3).anyMatch(l -> l.contains("javascript"))
                .anyMatch(l -> l.contains("--judge MODEL"))
                .anyMatch(l -> l.contains("file://other.txt"));
        Question question = QuestionFile.row(imported.rows().getFirst(), 1, QuestionFile.Prompt.NONE);
        Scorer scorer = scorers(imported).getFirst();
        assertThat(scorer.score(question.answered(new Answer("Die Katze", List.of(), "stop", 1, 1, 0.5, 0))).value())
                .isEqualTo(1);
        assertThat(
                scorer.score(question.answered(new Answer("Die Katze, cat", List.of(), "stop", 1, 1, 0.5, 0))).value())
                .isZero();
        assertThat(scorer.score(question.answered(new Answer("Die Katze", List.of(), "stop", 1, 1, 5, 0))).value())
                .isZero();
        assertThat(PromptfooImport
                .read(json("{'prompts': 'p', 'tests': [{'assert': [{'type': 'llm-rubric', 'value': 'x'}]}]}"),
                        "claude-x")
                .rows()).hasSize(1);
    }

    @Test
    void testsInCsvAreReadByTheirPrefixes() {
        var row = new LinkedHashMap<String, String>();
        row.put("text", "2 + 2");
        row.put("__expected", "contains-any: 4, four");
        row.put("__expected2", "rouge-n(0.2): it is four");
        row.put("__description", "sum");
        Imported imported = PromptfooImport
                .readCsv(List.of(row, Map.of("text", "say Note: x", "__expected", "Note: x")), "Compute {{text}}", "");
        assertThat(imported.rows().getFirst().path("input").asString()).isEqualTo("Compute 2 + 2");
        assertThat(score(imported, 0, "four it is")).isEqualTo(1);
        assertThat(score(imported, 0, "five")).isZero();
        assertThat(score(imported, 1, "Note: x")).as("no known prefix: to be equalled").isEqualTo(1);
    }

    @Test
    void documentsAreToldApart() {
        assertThat(OpenAiEvalImport.isOne(json("{'testing_criteria': []}"))).isTrue();
        assertThat(OpenAiEvalImport.isOne(json("{'type': 'string_check'}"))).isTrue();
        assertThat(OpenAiEvalImport.isOne(json("{'prompts': []}"))).isFalse();
        assertThat(PromptfooImport.isOne(json("{'prompts': []}"))).isTrue();
        assertThat(PromptfooImport.isOne(json("{'evaluate': {}}"))).isFalse();
    }
}
