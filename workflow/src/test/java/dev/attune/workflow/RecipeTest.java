package dev.attune.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.workflow.WorkflowException.Code;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RecipeTest {
    static final String MINIMAL = """
            name: support-tickets
            base: attune-nano
            data: { train: tickets.jsonl }
            """;
    static final String FULL = """
            name: support-tickets
            base: attune-nano            # or any model the provider can tune
            provider: attune             # attune | openai | azure
            data: { train: tickets.jsonl, split: { validation: 0.1, test: 0.2 }, seed: 7 }
            tune: { method: supervised, epochs: auto, batch_size: auto, learning_rate_multiplier: auto, suffix: tickets }
            evaluate: { scorers: [exact, json_fields], against: base }
            report: report.html
            """;

    @TempDir
    Path folder;

    private Recipe read(String yaml) throws IOException {
        return Recipe.read(Files.writeString(folder.resolve("recipe.yaml"), yaml));
    }

    @Test
    void everyKeyOfTheExampleIsRead() throws IOException {
        Recipe recipe = read(FULL);
        assertThat(recipe)
                .isEqualTo(new Recipe(folder.resolve("recipe.yaml"), "support-tickets", "attune-nano", Provider.ATTUNE,
                        new Recipe.Data("tickets.jsonl", "", "", new Recipe.Split(0.1, 0.2), "", List.of(), 7),
                        new Recipe.Tune(TuningSettings.PLAIN, -1, -1, -1, "tickets", 7),
                        new Recipe.Evaluate(List.of("exact", "json_fields"), "base", 0), "report.html"));
        assertThat(recipe.trainFile()).isEqualTo(folder.resolve("tickets.jsonl"));
        assertThat(recipe.reportFile()).isEqualTo(folder.resolve("report.html"));
        assertThat(recipe.defaultStateDir()).isEqualTo(folder.resolve(".attune/support-tickets"));
        assertThat(recipe.comparedModel()).isEqualTo("attune-nano");
    }

    @Test
    void allElseHasADefault() throws IOException {
        Recipe recipe = read(MINIMAL);
        assertThat(recipe.provider()).isEqualTo(Provider.ATTUNE);
        assertThat(recipe.data())
                .isEqualTo(new Recipe.Data("tickets.jsonl", "", "", new Recipe.Split(0.1, 0.2), "", List.of(), 0));
        assertThat(recipe.tune()).isEqualTo(new Recipe.Tune(TuningSettings.PLAIN, -1, -1, -1, "support-tickets", 0));
        assertThat(recipe.evaluate()).isEqualTo(new Recipe.Evaluate(List.of("exact"), "base", 0));
        assertThat(recipe.report()).isEqualTo("report.html");
    }

    @Test
    void aGroupKeyAndAllowedErrorsCanBeGiven() throws IOException {
        Recipe recipe = read(
                "name: n\nbase: b\ndata: { train: t, group: /metadata/customer, allow: [contradiction] }\n");
        assertThat(recipe.data().group()).isEqualTo("/metadata/customer");
        assertThat(recipe.data().allow()).containsExactly("contradiction");
    }

    @Test
    void everyNumberCanBeGiven() throws IOException {
        Recipe recipe = read("""
                name: a.b
                base: gpt-4o-mini-2024-07-18
                provider: openai
                data:
                  train: data/train.jsonl
                  validation: data/valid.jsonl
                  test: /elsewhere/test.jsonl
                  seed: 11
                tune: { epochs: 3, batch_size: 16, learning_rate_multiplier: 1.5, seed: 5 }
                evaluate: { against: "ft:x:y::z", max_rows: 50 }
                report: out/r.html
                """);
        assertThat(recipe.tune()).isEqualTo(new Recipe.Tune(TuningSettings.PLAIN, 3, 16, 1.5, "a-b", 5));
        assertThat(recipe.data().split()).isEqualTo(new Recipe.Split(0, 0));
        assertThat(recipe.validationFile()).contains(folder.resolve("data/valid.jsonl"));
        assertThat(recipe.testFile()).contains(Path.of("/elsewhere/test.jsonl"));
        assertThat(recipe.comparedModel()).isEqualTo("ft:x:y::z");
        assertThat(recipe.evaluate().maxRows()).isEqualTo(50);
    }

    @Test
    void adapterAndTrainingHaveTheNamesOfTheWire() throws IOException {
        Recipe recipe = read(MINIMAL + """
                tune:
                  method: dpo
                  beta: 0.3
                  lora:
                    r: 8
                    lora_alpha: 12
                    lora_dropout: 0.05
                    target_modules: [q_proj, v_proj]
                    use_rslora: true
                    use_dora: false
                    rank_pattern: { q_proj: 4 }
                    alpha_pattern: { v_proj: 2.5 }
                  training:
                    tuning: lora
                    over_length: drop
                    max_tokens: 512
                    replay_file: general.jsonl
                    replay_share: 0.2
                    patience: 2
                    validate_every: 5
                    row_losses: false
                """);
        assertThat(recipe.tune().settings()).isEqualTo(new TuningSettings("dpo", 0.3,
                Map.of("r", 8L, "lora_alpha", 12.0, "lora_dropout", 0.05, "target_modules",
                        List.of("q_proj", "v_proj"), "use_rslora", true, "use_dora", false, "rank_pattern",
                        Map.of("q_proj", 4L), "alpha_pattern", Map.of("v_proj", 2.5)),
                Map.of("tuning", "lora", "over_length", "drop", "max_tokens", 512L, "replay_file", "general.jsonl",
                        "replay_share", 0.2, "patience", 2L, "validate_every", 5L, "row_losses", false)));
        assertThat(recipe.replayFile()).contains(folder.resolve("general.jsonl"));
        assertThat(read(MINIMAL + "tune: { lora: { target_modules: all-linear } }\n").tune().settings().lora())
                .isEqualTo(Map.of("target_modules", "all-linear"));
    }

    static List<Arguments> wrongRecipes() {
        return List.of(
                Arguments.of(MINIMAL + "evalute: { scorers: [exact] }\n",
                        "line 4, /evalute: unknown key \"evalute\"; did you mean \"evaluate\"?"),
                Arguments.of("name: n\nbase: b\ndata:\n  trian: t.jsonl\n",
                        "line 3, /data/train: is missing; a recipe needs it.|line 4, /data/trian: unknown key \"trian\"; did you mean \"train\"?"),
                Arguments.of("name: n\nbase: b\n", "line 1, /data: is missing; a recipe needs it."),
                Arguments.of("- a\n- b\n",
                        "line 1, /: must be a mapping with the keys name, base, provider, data, tune, evaluate, gate, report, not a list."),
                Arguments.of("name: 7\nbase: b\ndata: { train: t }\n",
                        "line 1, /name: must be text, not the number 7; put it in quotes."),
                Arguments.of("name: ../up\nbase: b\ndata: { train: t }\n",
                        "line 1, /name: must be 1 to 64 letters, digits, dots, dashes or underscores, and begin with a letter or digit."),
                Arguments.of(MINIMAL + "provider: opanai\n",
                        "line 4, /provider: \"opanai\" is not one of attune, openai, azure; did you mean \"openai\"?"),
                Arguments.of(MINIMAL + "tune:\n  epochs: 0\n  batch_size: 1.5\n  learning_rate_multiplier: fast\n",
                        "line 5, /tune/epochs: must be auto or a whole number from 1 to 50, not the number 0."
                                + "|line 6, /tune/batch_size: must be auto or a whole number from 1 to 256, not the number 1.5."
                                + "|line 7, /tune/learning_rate_multiplier: must be auto or a number from 0.0001 to 1000, not the text \"fast\"."),
                Arguments.of(MINIMAL + "tune: { method: orpo, suffix: \"a b\", n/o: 1 }\n",
                        "line 4, /tune/n~1o: unknown key \"n/o\"; known here are method, beta, epochs, batch_size, learning_rate_multiplier, suffix, seed, lora, training."
                                + "|line 4, /tune/method: \"orpo\" is not one of supervised, dpo."
                                + "|line 4, /tune/suffix: must be 1 to 64 letters, digits, dashes or underscores."),
                Arguments.of(
                        MINIMAL + "tune:\n  beta: 0.2\n  lora: { r: 0, rank: 8, use_dora: yes please }\n"
                                + "  training: { replay_share: 0.5, patience: 60, over_length: cut }\n",
                        "line 5, /tune/beta: belongs to method dpo; remove it, or set the method."
                                + "|line 6, /tune/lora/rank: unknown key \"rank\"; known here are r, lora_alpha, lora_dropout, target_modules, use_rslora, use_dora, rank_pattern, alpha_pattern."
                                + "|line 6, /tune/lora/r: must be a whole number from 1 to 1024, not the number 0."
                                + "|line 6, /tune/lora/use_dora: must be true or false, not the text \"yes please\"."
                                + "|line 7, /tune/training/over_length: \"cut\" is not one of refuse, drop, truncate, split."
                                + "|line 7, /tune/training/replay_share: is a share of replay_file; name that too."
                                + "|line 7, /tune/training/patience: must be a whole number from 0 to 50, not the number 60."),
                Arguments.of(MINIMAL + "provider: openai\ntune:\n  lora: { r: 8 }\n  training: { patience: 0 }\n",
                        "line 6, /tune/lora: is known to Attune's server alone; remove it, or set provider to attune."
                                + "|line 7, /tune/training: is known to Attune's server alone; remove it, or set provider to attune."),
                Arguments.of(
                        MINIMAL + "tune:\n  method: dpo\n  lora: { target_modules: [] }\n"
                                + "  training: { tuning: full, over_length: split }\n",
                        "line 6, /tune/lora: cannot stand beside training.tuning full, which has no adapter; remove one of the two."
                                + "|line 6, /tune/lora/target_modules: must not be empty."
                                + "|line 7, /tune/training/over_length: cannot be split with method dpo; refuse, drop or truncate pairs that are too long."),
                Arguments.of(
                        "name: n\nbase: b\ndata: { train: t, split: { validation: 0 } }\ntune: { training: { patience: 2 } }\n",
                        "line 4, /tune/training/patience: needs rows for validation; give data.validation or data.split.validation above 0."),
                Arguments.of(MINIMAL + "evaluate:\n  scorers:\n  - exact\n  - exakt\n  - exact\n",
                        "line 7, /evaluate/scorers/1: \"exakt\" is not one of exact, json_fields, contains; did you mean \"exact\"?"
                                + "|line 8, /evaluate/scorers/2: names \"exact\" a second time."),
                Arguments.of("name: n\nbase: b\ndata: { train: t, allow: [contradictions], group: 7 }\n",
                        "line 3, /data/group: must be text, not the number 7; put it in quotes."
                                + "|line 3, /data/allow/0: \"contradictions\" is not one of contradiction; did you mean \"contradiction\"?"),
                Arguments.of(MINIMAL + "evaluate: { scorers: exact }\n",
                        "line 4, /evaluate/scorers: must be a list of at least one of exact, json_fields, contains, not the text \"exact\"."),
                Arguments.of("name: n\nbase: b\ndata: { train: t, test: x, split: { test: 0.2, validation: 0.9 } }\n",
                        "line 3, /data/split/test: cannot stand beside data.test; remove one of the two."
                                + "|line 3, /data/split/validation: must be a number from 0 to 0.4, not the number 0.9."),
                Arguments.of(MINIMAL + "report: report.pdf\n", "line 4, /report: must end in .html."),
                Arguments.of(MINIMAL + "tune:\n",
                        "line 4, /tune: must be a mapping with the keys method, beta, epochs, batch_size, learning_rate_multiplier, suffix, seed, lora, training, not empty."));
    }

    @ParameterizedTest
    @MethodSource("wrongRecipes")
    void everyProblemIsNamedWithItsLineAndPointer(String yaml, String expected) {
        assertThatThrownBy(() -> read(yaml)).isInstanceOfSatisfying(WorkflowException.class, e -> {
            assertThat(e.code()).isEqualTo(Code.RECIPE_INVALID);
            assertThat(e.problems()).containsExactly(expected.split("\\|"));
            assertThat(e.getMessage()).startsWith(folder.resolve("recipe.yaml").toString());
        });
    }

    @Test
    void whatIsNoRecipeIsSaidSoInOneSentence() throws IOException {
        assertThatThrownBy(() -> Recipe.read(folder.resolve("none.yaml")))
                .hasMessage("There is no recipe at " + folder.resolve("none.yaml")
                        + "; name a YAML file.");
        assertThatThrownBy(() -> Recipe.read(folder)).hasMessageContaining("is a folder; name the recipe in it");
        assertThatThrownBy(() -> read("")).hasMessageContaining("line 1: the file is empty");
        assertThatThrownBy(() -> read("name: [a\nbase: b\n")).hasMessageContaining("recipe.yaml line")
                .hasMessageContaining("not YAML");
        assertThatThrownBy(() -> read("name: a\nname: b\n")).hasMessageContaining("line 2")
                .hasMessageContaining("uplicate");
        assertThatThrownBy(() -> read("name: &n a\nbase: *n\n")).hasMessageContaining("line 2")
                .hasMessageContaining("alias");
        assertThatThrownBy(() -> read(MINIMAL + "---\nname: b\n")).hasMessageContaining("second document");
        Path binary = Files.write(folder.resolve("b.yaml"), "name: \u00e9".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> Recipe.read(binary)).hasMessageContaining("is not UTF-8 text");
    }
}
