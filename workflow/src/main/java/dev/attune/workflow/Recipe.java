package dev.attune.workflow;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * What is to be tuned, on what, how, and how it is measured: the content of a {@code recipe.yaml} with every default
 * filled in. Paths are kept as the recipe writes them; the methods resolve them against the recipe's folder.
 *
 * @param source the file that it was read from
 * @param name letters, digits, dot, dash and underscore; names the state folder
 * @param base the base model, as the provider knows it
 * @param report where the report goes
 */
public record Recipe(Path source, String name, String base, Provider provider, Data data, Tune tune, Evaluate evaluate,
        String report) {

    /**
     * Where the examples come from. Files that are not named are the empty string, and are split off the training file.
     *
     * @param group a key of the rows; rows with the same value stay in one part, and should stand in one file; empty for none
     * @param allow codes of errors in the data that do not stop a run
     * @param seed decides which row goes where
     */
    public record Data(String train, String validation, String test, Split split, String group, List<String> allow,
            long seed) {
        /** What may be allowed. */
        public static final List<String> ALLOWABLE = List.of("contradiction");

        public Data {
            allow = List.copyOf(allow);
        }
    }

    /**
     * The shares that are split off the training file, each 0 to 1.
     *
     * @param validation 0 where there is no validation, or a file of its own
     * @param test 0 where there is a file of its own
     */
    public record Split(double validation, double test) {}

    /**
     * How the model is tuned; {@link JobRequest#AUTO} leaves a number to the server.
     *
     * @param settings method, adapter and training, by the wire's names; a {@code replay_file} as the recipe writes it
     * @param suffix goes into the tuned model's name
     */
    public record Tune(TuningSettings settings, int epochs, int batchSize, double learningRateMultiplier,
            String suffix, long seed) {}

    /**
     * How base and tuned model are compared on the held-out rows.
     *
     * @param scorers names of scorers; the first one is the headline
     * @param against {@code base}, or the name of another model
     * @param maxRows how many held-out rows are asked, or 0 for all
     * @param plan what the recipe says of scorers with options, slices and the gate, with the keys {@code evaluate} and
     *            {@code gate}; missing where it only names scorers
     */
    public record Evaluate(List<String> scorers, String against, int maxRows, JsonNode plan) {
        public Evaluate {
            scorers = List.copyOf(scorers);
        }

        /** Scorers by their names and nothing else. */
        public Evaluate(List<String> scorers, String against, int maxRows) {
            this(scorers, against, maxRows, MissingNode.getInstance());
        }

        /** Whether there is more to it than names of scorers. */
        public boolean hasPlan() {
            return !plan.isMissingNode();
        }
    }

    /**
     * Reads a recipe.
     *
     * @throws WorkflowException which names every problem at once, each with its line and JSON pointer
     */
    public static Recipe read(Path yaml) {
        return RecipeReader.read(yaml);
    }

    /** The same recipe with its report elsewhere; a relative path is resolved against the working directory. */
    public Recipe withReport(Path file) {
        return new Recipe(source, name, base, provider, data, tune, evaluate, file.toAbsolutePath().toString());
    }

    /** The folder that relative paths start from. */
    public Path folder() {
        Path parent = source.toAbsolutePath().getParent();
        return parent == null ? source.toAbsolutePath() : parent;
    }

    /** Where a run keeps its state unless told otherwise: {@code .attune/<name>} beside the recipe. */
    public Path defaultStateDir() {
        return folder().resolve(".attune").resolve(name);
    }

    public Path trainFile() {
        return resolve(data.train());
    }

    public Optional<Path> validationFile() {
        return data.validation().isEmpty() ? Optional.empty() : Optional.of(resolve(data.validation()));
    }

    public Optional<Path> testFile() {
        return data.test().isEmpty() ? Optional.empty() : Optional.of(resolve(data.test()));
    }

    /** The general rows that are mixed in. */
    public Optional<Path> replayFile() {
        String file = tune.settings().replayFile();
        return file.isEmpty() ? Optional.empty() : Optional.of(resolve(file));
    }

    public Path reportFile() {
        return resolve(report);
    }

    /** The page with slices, gate and rows, where the recipe says more than names of scorers. */
    public Path evaluationPage() {
        Path file = reportFile();
        return file.resolveSibling(
                String.valueOf(file.getFileName()).replaceFirst("\\.html$", "") + "-evaluation.html");
    }

    /** The model that the tuned one is compared with. */
    public String comparedModel() {
        return evaluate.against().equals("base") ? base : evaluate.against();
    }

    private Path resolve(String path) {
        return folder().resolve(path).normalize();
    }
}
