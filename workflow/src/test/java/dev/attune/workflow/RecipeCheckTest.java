package dev.attune.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecipeCheckTest {
    private static final String GOOD = """
            name: colours
            base: attune-nano
            data: { train: rows.jsonl, split: { validation: 0.1, test: 0.25 }, seed: 7 }
            evaluate: { scorers: [exact, {rouge_l: {}}], slices: kind }
            gate: { target: { superior_by: 0 }, general: { non_inferior_margin: 0.02 } }
            """;

    @TempDir
    Path folder;

    private RecipeCheck check(String yaml, int rows, String... more) throws IOException {
        Path models = Files.createDirectories(folder.resolve("models/attune-nano")).getParent();
        Files.writeString(models.resolve("attune-nano/config.json"), "{}");
        var lines = new StringBuilder();
        for (int i = 0; i < rows; i++) {
            lines.append("{\"messages\":[{\"role\":\"user\",\"content\":\"What colour has thing ").append(i * 7919)
                    .append(" in the box of ").append(Integer.toString(i * 104_729, 36))
                    .append("?\"},{\"role\":\"assistant\",\"content\":\"")
                    .append(List.of("red", "blue", "grey").get(i % 3))
                    .append("\"}],\"metadata\":{\"kind\":\"").append(i % 2 == 0 ? "a" : "b").append("\"}}\n");
        }
        Files.writeString(folder.resolve("rows.jsonl"), lines + String.join("\n", more));
        Path recipe = Files.writeString(folder.resolve("recipe.yaml"), yaml);
        return RecipeCheck.of(recipe, Optional.empty(), List.of(models), Optional.empty());
    }

    @Test
    void saysWhatWouldBeDoneAndDoesNoneOfIt() throws IOException {
        RecipeCheck found = check(GOOD, 80);
        assertThat(found.problems()).isEmpty();
        assertThat(found.isReady()).isTrue();
        assertThat(found.steps()).extracting(RecipeCheck.Planned::step).containsExactly(RunStep.values());
        assertThat(found.steps().get(1).sentence())
                .matches("\\d+ rows to train on, \\d+ to validate, \\d+ held out; seed 7");
        assertThat(found.steps().get(4).sentence()).contains("asks attune-nano and the tuned model",
                "with the general set", "scores exact, rouge_l");
        int held = Integer.parseInt(found.steps().get(1).sentence().replaceAll(".*, (\\d+) held out.*", "$1"));
        assertThat(found.steps().get(4).sentence()).contains("up to " + (2 * held + 480) + " requests");
        assertThat(found.steps().getLast().sentence()).contains("the gate looks at target, general, errors");
        assertThat(found.warnings()).anyMatch(warning -> warning.startsWith("Slices by kind are small: a "));
        assertThat(found.trainRows()).isGreaterThan(40);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("models",
                    "rows.jsonl", "recipe.yaml");
        }
    }

    @Test
    void namesEverythingThatIsWrongAtOnce() throws IOException {
        RecipeCheck found = check(GOOD.replace("attune-nano", "attune-nani").replace("0.25", "0.9")
                .replace("rouge_l", "rogue_l").replace("superior_by", "superior"), 30, "{\"messages\":[]}", "nonsense");
        assertThat(found.isReady()).isFalse();
        assertThat(found.steps()).isEmpty();
        assertThat(found.problems()).anyMatch(p -> p.startsWith("line 3, /data/split/test: must be a number"))
                .anyMatch(p -> p.contains("\"rogue_l\" is no scorer"))
                .anyMatch(p -> p.startsWith("line 5, /gate/target/superior: unknown key"))
                .anyMatch(p -> p.contains("rows.jsonl line 31, /messages"))
                .anyMatch(p -> p.contains("rows.jsonl line 32"))
                .anyMatch(p -> p.contains("no base model 'attune-nani'"));
    }

    @Test
    void filesAndSlicesThatAreNotThereAreTold() throws IOException {
        RecipeCheck missing = check(GOOD.replace("rows.jsonl", "none.jsonl"), 30);
        assertThat(missing.problems()).anyMatch(p -> p.contains("none.jsonl"));
        assertThat(missing.trainRows()).isLessThanOrEqualTo(0);
        RecipeCheck slices = check(GOOD.replace("slices: kind", "slices: mood"), 60);
        assertThat(slices.warnings()).anyMatch(w -> w.contains("No held-out row has mood"));
        RecipeCheck empty = check("name: x\n", 30);
        assertThat(empty.problems()).anyMatch(p -> p.contains("/base")).anyMatch(p -> p.contains("/data"));
    }

    @Test
    void aServerThatCannotBeReachedIsAProblemAndNoCrash() throws Exception {
        check(GOOD, 40);
        try (var server = new FakeOpenAi()) {
            RecipeCheck found = RecipeCheck.of(folder.resolve("recipe.yaml"), Optional.empty(), List.of(),
                    Optional.of(server.client()));
            assertThat(found.problems()).allMatch(p -> p.contains("The server has no model 'attune-nano'"));
        }
    }

    @Test
    void whatIsOnlyMeasuredByIsNotSent() throws IOException {
        check(GOOD, 40);
        Recipe recipe = Recipe.read(folder.resolve("recipe.yaml"));
        var data = new RunData(recipe, folder.resolve("state"));
        var split = data.split();
        assertThat(Files.readString(data.train())).doesNotContain("metadata").contains("\"messages\"");
        assertThat(Files.readString(data.validation())).doesNotContain("metadata");
        assertThat(Files.readString(data.test())).as("slices need it").contains("metadata");
        assertThat(Files.readAllLines(data.train())).hasSize(split.train().size());
        assertThat(data.dataset(recipe.trainFile(), dev.attune.dataset.FilePart.TRAINING).problems())
                .noneMatch(problem -> problem.code().equals("example_unrecognized_key"));
    }
}
