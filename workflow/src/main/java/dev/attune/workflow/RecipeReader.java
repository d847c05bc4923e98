package dev.attune.workflow;

import dev.attune.evals.score.Scorers;
import dev.attune.workflow.Recipe.Data;
import dev.attune.workflow.Recipe.Evaluate;
import dev.attune.workflow.Recipe.Split;
import dev.attune.workflow.Recipe.Tune;
import dev.attune.workflow.WorkflowException.Code;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Reads {@code recipe.yaml} and collects every problem before it gives up. What it accepts is what
 * {@code schemas/recipe.schema.json} accepts; a test holds the two together.
 */
final class RecipeReader {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern SUFFIX = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final double DEFAULT_VALIDATION = 0.1;
    private static final double DEFAULT_TEST = 0.2;
    private static final long LARGEST_SEED = Integer.MAX_VALUE;

    private final RecipeProblems problems = new RecipeProblems();
    private final Path file;

    private RecipeReader(Path file) {
        this.file = file;
    }

    /**
     * A recipe with what is wrong in it.
     *
     * @param recipe with the default where a value cannot be used; only to be looked at where there are problems
     */
    record Draft(Recipe recipe, RecipeProblems problems) {}

    static Recipe read(Path file) {
        Draft draft = draft(file);
        if (!draft.problems().isEmpty()) {
            throw draft.problems().asException(Code.RECIPE_INVALID, file.toString());
        }
        return draft.recipe();
    }

    /** Reads as far as it can be read. */
    static Draft draft(Path file) {
        var reader = new RecipeReader(file);
        return new Draft(reader.recipe(YamlDocument.read(file)), reader.problems);
    }

    private Recipe recipe(YamlNode document) {
        var root = RecipeFields.of(problems, "", document,
                List.of("name", "base", "provider", "data", "tune", "evaluate", "gate", "report"));
        String name = root.required("name");
        root.check("name", NAME.matcher(name).matches() || name.isEmpty(),
                "must be 1 to 64 letters, digits, dots, dashes or underscores, and begin with a letter or digit");
        String base = root.required("base");
        Provider provider = Provider.valueOf(
                root.choice("provider", List.of("attune", "openai", "azure"), "attune").toUpperCase(Locale.ROOT));
        root.requireKey("data");
        Data data = data(
                root.section("data", List.of("train", "validation", "test", "split", "group", "allow", "seed")));
        Tune tune = tune(root.section("tune", TuningFields.KEYS), name, provider, data);
        Evaluate evaluate = evaluate(root.section("evaluate", List.of("scorers", "against", "max_rows", "slices")),
                root.node("gate"), base);
        String report = root.text("report", "report.html");
        root.check("report", report.endsWith(".html"), "must end in .html");
        return new Recipe(file, name, base, provider, data, tune, evaluate, report);
    }

    private Data data(RecipeFields fields) {
        if (fields.isAbsent()) {
            return new Data("", "", "", new Split(0, 0), "", List.of(), 0);
        }
        String train = fields.required("train");
        String validation = fields.text("validation", "");
        String test = fields.text("test", "");
        var split = fields.section("split", List.of("validation", "test"));
        split.check("validation", validation.isEmpty(), "cannot stand beside data.validation; remove one of the two");
        split.check("test", test.isEmpty(), "cannot stand beside data.test; remove one of the two");
        double validationShare = split.number("validation", validation.isEmpty() ? DEFAULT_VALIDATION : 0, 0, 0.4);
        double testShare = split.number("test", test.isEmpty() ? DEFAULT_TEST : 0, 0.01, 0.5);
        return new Data(train, validation, test, new Split(validationShare, testShare),
                fields.text("group", ""), fields.choices("allow", Data.ALLOWABLE, List.of()),
                fields.whole("seed", 0, 0, LARGEST_SEED));
    }

    private static Tune tune(RecipeFields fields, String name, Provider provider, Data data) {
        TuningSettings settings = TuningFields.read(fields, provider,
                !data.validation().isEmpty() || data.split().validation() > 0);
        int epochs = (int) fields.wholeOrAuto("epochs", 1, 50);
        int batchSize = (int) fields.wholeOrAuto("batch_size", 1, 256);
        double multiplier = fields.numberOrAuto("learning_rate_multiplier", 0.0001, 1000);
        String suffix = fields.text("suffix", name.replace('.', '-'));
        fields.check("suffix", SUFFIX.matcher(suffix).matches(),
                "must be 1 to 64 letters, digits, dashes or underscores");
        return new Tune(settings, epochs, batchSize, multiplier, suffix,
                fields.whole("seed", data.seed(), 0, LARGEST_SEED));
    }

    private Evaluate evaluate(RecipeFields fields, YamlNode gate, String base) {
        YamlNode listed = fields.node("scorers");
        boolean names = !(listed instanceof YamlNode.Sequence sequence)
                || sequence.items().stream().noneMatch(YamlNode.Mapping.class::isInstance);
        if (!names || !(gate instanceof YamlNode.Nothing) || !(fields.node("slices") instanceof YamlNode.Nothing)) {
            var plan = new RecipePlan(problems, file, base);
            String against = fields.text("against", "base");
            int maxRows = (int) fields.whole("max_rows", 0, 1, 1_000_000);
            return plan.read(listed, fields.node("slices"), gate, against, maxRows);
        }
        var scorers = new ArrayList<>(fields.choices("scorers", Scorers.names(), List.of("exact")));
        String against = fields.text("against", "base");
        return new Evaluate(scorers, against, (int) fields.whole("max_rows", 0, 1, 1_000_000));
    }
}
