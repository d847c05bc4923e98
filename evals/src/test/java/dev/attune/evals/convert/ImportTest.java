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
    void setsWeightsAndThresholdsOfPromptfooAreKept() {
        Imported imported = PromptfooImport.read(
                json("""
                        {'prompts': ['[{\\'role\\': \\'system\\', \\'content\\': \\'Be {{mood}}.\\'}, {\\'role\\': \\'user\\', \\'content\\': \\'{{q}}\\'}]'],
                         'tests': [{'vars': {'mood': ['kind', 'brief'], 'q': 'hi'}, 'threshold': 0.5, 'metadata': {'area': 'greeting'},
                           'assert': [{'type': 'contains-any', 'value': 'hello, hi', 'weight': 3}, {'type': 'is-html'},
                                      {'type': 'javascript', 'value': 'x', 'weight': 0},
                                      {'type': 'assert-set', 'assert': [{'type': 'equals', 'value': {'a': 1}}, {'type': 'levenshtein', 'value': 'hi', 'threshold': 1}]}]}]}
                        """),
                "");
        assertThat(imported.leftOut()).isEmpty();
        assertThat(imported.rows()).as("one for each mood").hasSize(2);
        assertThat(imported.rows().get(1).at("/input/0/content").asString()).isEqualTo("Be brief.");
        assertThat(imported.rows().get(1).at("/metadata/area").asString()).isEqualTo("greeting");
        assertThat(score(imported, 0, "Oh hi there")).as("3 of 5 weights, 0.5 asked for").isEqualTo(1);
        assertThat(score(imported, 0, "<b>x</b>")).isZero();
        assertThat(score(imported, 0, "hi")).isEqualTo(1);
    }

    @Test
    void providersOptionsAndTemplatesOfPromptfooAreKept() {
        Imported imported = PromptfooImport.read(
                json("""
                        {'prompts': ['{{q}}'], 'targets': [{'id': 'openai:chat:gpt-4o-mini', 'config': {'temperature': 0.3, 'max_tokens': 99}}, 'anthropic:messages:claude-x'],
                         'evaluateOptions': {'repeat': 3, 'maxConcurrency': 2}, 'assertionTemplates': {'polite': {'type': 'llm-rubric', 'value': 'is polite'}},
                         'scenarios': [], 'defaultTest': {'options': {'provider': 'openai:gpt-4.1'}},
                         'tests': [{'vars': {'q': 'hi'}, 'assert': [{'$ref': '#/assertionTemplates/polite'}, {'type': 'model-graded-closedqa', 'value': 'short?', 'provider': {'openai:o3': {}}}]}]}
                        """),
                "");
        assertThat(imported.file().path("evaluate").toString()).contains("\"model\":\"gpt-4o-mini\"",
                "\"temperature\":0.3", "\"max_tokens\":99", "\"repeats\":3", "\"concurrency\":2");
        assertThat(imported.rows().getFirst().path("check").toString()).contains("\"model\":\"gpt-4.1\"",
                "\"model\":\"o3\"", "is polite");
        assertThat(imported.leftOut()).containsExactly("What stands under scenarios has no counterpart here.");
        assertThat(imported.notes()).anyMatch(note -> note.contains("Of 2 providers"))
                .anyMatch(note -> note.contains("gpt-4.1 is of the same family as gpt-4o-mini"));
    }

    @Test
    void whatHasNoCounterpartSaysWhatToDoInstead() {
        Imported imported = PromptfooImport.read(
                json("""
                        {'prompts': ['p'], 'tests': [{'assert': [{'type': 'factuality', 'value': 'Water boils at 100 degrees.'},
                          {'type': 'similar', 'value': 'x'}, {'type': 'context-recall'}, {'type': 'select-best', 'value': 'x'},
                          {'type': 'is-valid-openai-tools-call'}, {'type': 'moderation'}, {'type': 'perplexity', 'threshold': 5},
                          {'type': 'contains', 'value': 'file://x.txt'}, {'type': 'g-eval', 'value': ['is kind', 'is brief']}, {'type': 'trace-error-spans'}]}]}
                        """),
                "claude-x");
        assertThat(imported.rows().getFirst().path("ideal").asString()).isEqualTo("Water boils at 100 degrees.");
        assertThat(imported.rows().getFirst().path("check").toString()).contains(
                "\"checklist\":[\"is kind\",\"is brief\"]",
                "\"factuality\":true");
        assertThat(imported.leftOut()).hasSize(8)
                .anyMatch(l -> l.contains("similar has no counterpart here: it compares embeddings"))
                .anyMatch(l -> l.contains("attune compare")).anyMatch(l -> l.contains("tool_calls"))
                .anyMatch(l -> l.contains("file://x.txt"))
                .anyMatch(l -> l.endsWith("trace-error-spans has no counterpart here."));
    }

    @Test
    void gradersComeOverFromListsJobsAndRuns() {
        Imported run = OpenAiEvalImport.read(
                json("""
                        {'testing_criteria': [{'type': 'string_check', 'name': 'turned', 'input': '{{item.want}}', 'reference': '{{sample.output_text}}', 'operation': 'eq'},
                           {'type': 'score_model', 'name': 'stars', 'model': 'gpt-4o', 'range': [1, 5], 'pass_threshold': 4, 'input': [{'role': 'user', 'content': [{'type': 'input_text', 'text': 'Grade it.'}]}]}],
                         'data_source': {'type': 'completions', 'source': {'type': 'file_content', 'content': [{'item': {'q': 'Six times seven?', 'want': '42'}}]},
                           'input_messages': {'type': 'template', 'template': [{'role': 'developer', 'content': 'Compute.'},
                              {'role': 'user', 'content': {'type': 'input_text', 'text': '{{ item.q }}'}}]}}}
                        """),
                "");
        assertThat(run.rows().getFirst().at("/item/messages/1/content").asString()).isEqualTo("Six times seven?");
        assertThat(score(run, 0, "42")).isEqualTo(1);
        assertThat(score(run, 0, "41")).isZero();
        assertThat(run.file().toString()).contains("\"threshold\":0.75").contains("Grade it.");
        Imported job = OpenAiEvalImport.read(
                json("""
                        {'model': 'o4-mini', 'method': {'type': 'reinforcement', 'reinforcement': {'grader':
                          {'type': 'text_similarity', 'name': 'near', 'input': '{{sample.output_text}}', 'reference': '{{item.a}}', 'evaluation_metric': 'rouge_l'}}}}
                        """),
                "");
        assertThat(scorers(job)).extracting(Scorer::name).containsExactly("near");
        Imported list = OpenAiEvalImport.read(json(
                "[{'type': 'string_check', 'name': 'a', 'input': '{{sample.output_text}}', 'reference': 'x', 'operation': 'ilike'}]"),
                "");
        assertThat(scorers(list)).extracting(Scorer::name).containsExactly("a");
        assertThat(OpenAiEvalImport.read(json(
                "{'testing_criteria': [], 'data_source': {'source': {'type': 'stored_completions', 'model': 'gpt-4o'}}}"),
                "").leftOut()).anyMatch(l -> l.contains("stored_completions, which is not reached"));
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
        assertThat(OpenAiEvalImport.isOne(json("[{'type': 'label_model'}]"))).isTrue();
        assertThat(OpenAiEvalImport.isOne(json("{'method': {'reinforcement': {'grader': {}}}}"))).isTrue();
        assertThat(OpenAiEvalImport.isOne(json("{'prompts': []}"))).isFalse();
        assertThat(PromptfooImport.isOne(json("{'prompts': []}"))).isTrue();
        assertThat(PromptfooImport.isOne(json("{'evaluate': {}}"))).isFalse();
    }
}
