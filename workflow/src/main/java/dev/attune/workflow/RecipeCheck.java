package dev.attune.workflow;

import com.openai.client.OpenAIClient;
import dev.attune.dataset.DatasetReport;
import dev.attune.dataset.Split;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a recipe would do, and all that is wrong with it, found without doing any of it: nothing is written, uploaded, trained
 * or asked. Of a server only the list of its models is read.
 *
 * @param recipe with defaults in place of values that cannot be used
 * @param problems what would stop the run, each a sentence with its place
 * @param warnings what would make its result worth less
 * @param steps what each step would do, in their order; empty where the recipe has problems of its own
 * @param data what is in the training file; empty where the recipe does not name one
 * @param trainRows rows that would be trained on; −1 where the data cannot be split
 */
public record RecipeCheck(Recipe recipe, List<String> problems, List<String> warnings, List<Planned> steps,
        Optional<DatasetReport> data, int trainRows) {

    /** One step and what it would do, as a sentence. */
    public record Planned(RunStep step, String sentence) {}

    public RecipeCheck {
        problems = List.copyOf(problems);
        warnings = List.copyOf(warnings);
        steps = List.copyOf(steps);
    }

    /**
     * Looks a recipe through.
     *
     * @param stateDir where a run would keep its state; empty for {@link Recipe#defaultStateDir()}
     * @param modelFolders folders whose children are base models
     * @param client of the server that would be asked; empty where the run would start one of its own
     * @throws WorkflowException where the file cannot be read as YAML at all
     */
    public static RecipeCheck of(Path file, Optional<Path> stateDir, List<Path> modelFolders,
            Optional<OpenAIClient> client) {
        return new Look(file, stateDir, modelFolders, client).through();
    }

    /** Whether a run would get past its first step. */
    public boolean isReady() {
        return problems.isEmpty();
    }

    /** Gathers while a recipe is looked through. */
    private static final class Look {
        private final Recipe recipe;
        private final boolean readable;
        private final RunData data;
        private final List<Path> modelFolders;
        private final Optional<OpenAIClient> client;
        private final List<String> problems = new ArrayList<>();
        private final List<String> warnings = new ArrayList<>();

        Look(Path file, Optional<Path> stateDir, List<Path> modelFolders, Optional<OpenAIClient> client) {
            RecipeReader.Draft draft = RecipeReader.draft(file);
            this.recipe = draft.recipe();
            this.readable = draft.problems().isEmpty();
            this.problems.addAll(draft.problems().sentences());
            this.data = new RunData(recipe, stateDir.orElseGet(recipe::defaultStateDir));
            this.modelFolders = modelFolders;
            this.client = client;
        }

        RecipeCheck through() {
            if (recipe.data().train().isEmpty()) {
                return new RecipeCheck(recipe, problems, warnings, List.of(), Optional.empty(), -1);
            }
            Optional<DataCheck.Found> found = found();
            Optional<Split> split = found.isPresent() ? split() : Optional.empty();
            if (!recipe.base().isEmpty()) {
                models();
            }
            List<Planned> steps = readable
                    ? new RunOutline(recipe, data, found, split, warnings).steps()
                    : List.of();
            return new RecipeCheck(recipe, problems, warnings, steps, found.map(DataCheck.Found::report),
                    split.map(s -> s.train().size()).orElse(-1));
        }

        private Optional<DataCheck.Found> found() {
            try (TokenCounting tokens = TokenCounting.of(recipe, modelFolders)) {
                DataCheck.Found found = new DataCheck(recipe, data, tokens).look();
                problems.addAll(found.problems());
                warnings.addAll(found.leaks());
                if (!tokens.isExact() && !recipe.base().isEmpty()) {
                    warnings.add("The tokenizer of " + recipe.base()
                            + " is not at hand, so tokens are counted as bytes, which is more than they are.");
                }
                return Optional.of(found);
            } catch (RuntimeException e) {
                problems.add("The data cannot be looked at: " + e.getMessage());
                return Optional.empty();
            }
        }

        private Optional<Split> split() {
            try {
                Split split = data.cut();
                warnings.addAll(split.notes());
                return Optional.of(split);
            } catch (WorkflowException e) {
                String sentence = String.valueOf(e.getMessage());
                if (problems.stream().noneMatch(problem -> problem.contains(sentence))) {
                    problems.add(sentence);
                }
                return Optional.empty();
            }
        }

        /** Whether the models are where they would be looked for. */
        private void models() {
            if (client.isEmpty()) {
                for (String model : List.of(recipe.base(), recipe.comparedModel())) {
                    boolean here = modelFolders.stream()
                            .anyMatch(folder -> Files.isRegularFile(folder.resolve(model).resolve("config.json")));
                    String sentence = "There is no base model '" + model
                            + "' on this machine; `attune models` lists those that there are.";
                    if (!here && !model.startsWith("ft:") && !problems.contains(sentence)) {
                        problems.add(sentence);
                    }
                }
                return;
            }
            try {
                problems.addAll(CheckStep.missingModels(recipe, new FineTuning(client.get())));
            } catch (WorkflowException e) {
                problems.add(String.valueOf(e.getMessage()));
            }
        }
    }
}
