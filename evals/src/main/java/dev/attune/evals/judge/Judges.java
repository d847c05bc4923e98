package dev.attune.evals.judge;

import dev.attune.evals.config.ConfigNode;
import dev.attune.evals.run.Asker;
import dev.attune.evals.run.ChatModel;
import dev.attune.evals.score.Scorer;
import dev.attune.evals.score.Scorers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads {@code judge:} scorers and gives them models to ask. The judge is always named, and one of the measured model's own
 * family needs a yes, as models prefer what they would have said themselves.
 */
public final class Judges implements Scorers.Extension {
    private final Path folder;
    private final List<String> measured;
    private final Function<String, ChatModel> models;
    private Optional<Asker> asker = Optional.empty();

    /**
     * @param folder where relative paths start
     * @param measured the models that are measured
     * @param models a model by its name
     */
    public Judges(Path folder, List<String> measured, Function<String, ChatModel> models) {
        this.folder = folder;
        this.measured = List.copyOf(measured);
        this.models = models;
    }

    /** Gives all judges what they ask through; before the first answer is scored. */
    public void askThrough(Asker asking) {
        asker = Optional.of(asking);
    }

    Asker asker() {
        return asker.orElseThrow(() -> new IllegalStateException("The judge has nothing to ask through."));
    }

    /** Every judge inside a scorer. */
    public static List<JudgeScorer> in(Scorer scorer) {
        var found = new ArrayList<JudgeScorer>();
        if (scorer instanceof JudgeScorer judge) {
            found.add(judge);
        }
        scorer.parts().forEach(part -> found.addAll(in(part)));
        return found;
    }

    /** The judge that a scorer is, by whatever name; nothing where the scorer makes something else of its grades. */
    public static Optional<JudgeScorer> plain(Scorer scorer) {
        return Scorers.unnamed(scorer) instanceof JudgeScorer judge ? Optional.of(judge) : Optional.empty();
    }

    @Override
    public Optional<Scorer> apply(ConfigNode options, Scorers scorers) {
        List<String> names = options.texts("model", List.of());
        if (names.isEmpty()) {
            options.problem("model", "is missing; name the judge");
        }
        refuseOwnFamily(options, names.toArray(String[]::new));
        Optional<JudgeForm> form = form(options);
        int samples = (int) options.whole("samples", 1, 1, 25);
        double temperature = options.number("temperature", samples > 1 ? 0.7 : 0, 0, 2);
        int maxTokens = (int) options.whole("max_tokens", 1_024, 1, 100_000);
        boolean weighted = options.flag("log_probabilities", false);
        if (weighted && form.isPresent() && form.get().menu().isEmpty()) {
            options.problem("log_probabilities",
                    "needs grades of one word; it goes with a rubric from 1 to 5, question, labels and factuality");
        }
        double passing = options.number("pass_at", 0.5, 0, 1);
        Optional<Path> labelled = options.has("calibrate")
                ? Optional.of(folder.resolve(options.text("calibrate", "")))
                : Optional.empty();
        if (labelled.isPresent() && !Files.isRegularFile(labelled.get())) {
            options.problem("calibrate", "names " + labelled.get() + ", which is no file");
        }
        return form.map(f -> new JudgeScorer(this, names.stream().map(models).toList(), f,
                new JudgeScorer.Manner(samples, temperature, maxTokens, weighted, passing), labelled));
    }

    /** Notes a problem where a judge is of a measured model's family, and nobody said that this is meant. */
    void refuseOwnFamily(ConfigNode options, String... names) {
        boolean own = options.flag("own_family", false);
        for (String name : names) {
            for (String one : measured) {
                if (!own && family(name).equals(family(one))) {
                    options.problem("model", "is " + name + ", of the same family as " + one
                            + ", and models prefer their own answers; name another judge, or write own_family: true");
                    break;
                }
            }
        }
    }

    ChatModel model(String name) {
        return models.apply(name);
    }

    /** Reads a judge of pairs. */
    public PairwiseJudge pairwise(ConfigNode options) {
        return PairwiseJudge.read(options, this);
    }

    private Optional<JudgeForm> form(ConfigNode options) {
        var given = new ArrayList<String>();
        for (String key : List.of("rubric", "question", "labels", "factuality", "checklist")) {
            if (options.has(key)) {
                given.add(key);
            }
        }
        if (given.size() != 1) {
            options.problem("rubric", given.isEmpty()
                    ? "is missing; give one of rubric, question, labels, factuality, checklist"
                    : "cannot stand beside " + String.join(", ", given.subList(1, given.size()))
                            + "; give one of them");
            return Optional.empty();
        }
        String instructions = options.has("instructions") ? text(options, "instructions") : "";
        return Optional.of(switch (given.getFirst()) {
            case "rubric" -> rubric(options);
            case "question" -> new JudgeForm.Closed(text(options, "question"));
            case "labels" -> labels(options, instructions);
            case "factuality" -> factuality(options);
            default -> new JudgeForm.Checklist(options.texts("checklist", List.of("The answer is right.")));
        });
    }

    /** A text or a file of one, or a mapping of grades to what earns them. */
    private JudgeForm rubric(ConfigNode options) {
        boolean fiveSteps = options.choice("scale", List.of("1-5", "0-1"), "1-5").equals("1-5");
        if (!options.get("rubric").isObject()) {
            return new JudgeForm.Rubric(text(options, "rubric"), fiveSteps);
        }
        var lines = new ArrayList<String>();
        options.section("rubric").entries().forEach((grade, meaning) -> {
            if (!grade.matches(fiveSteps ? "[1-5]" : "0(\\.\\d+)?|1(\\.0+)?")) {
                options.problem("rubric", "describes the grade " + grade + ", which is not on the scale "
                        + (fiveSteps ? "1-5" : "0-1"));
            }
            lines.add(grade + ": " + meaning.asString(""));
        });
        return new JudgeForm.Rubric(String.join("\n", lines), fiveSteps);
    }

    private static JudgeForm labels(ConfigNode options, String instructions) {
        List<String> labels = options.texts("labels", List.of("pass", "fail"));
        List<String> passing = options.texts("passing_labels", labels.subList(0, 1));
        passing.stream().filter(label -> !labels.contains(label))
                .forEach(label -> options.problem("passing_labels",
                        "names \"" + label + "\", which is not among the labels"));
        return new JudgeForm.Label(instructions, labels, passing);
    }

    private static JudgeForm factuality(ConfigNode options) {
        options.flag("factuality", true);
        return new JudgeForm.Factuality();
    }

    /** The text itself, or the content of the file that it names. */
    private String text(ConfigNode options, String key) {
        String value = options.text(key, "");
        if (!value.matches("[^\\n]{1,200}\\.(md|txt)")) {
            return value;
        }
        try {
            return Files.readString(folder.resolve(value));
        } catch (IOException e) {
            options.problem(key, "names " + folder.resolve(value) + ", which cannot be read");
            return value;
        }
    }

    /** The maker's line of models: {@code gpt} of {@code ft:gpt-4o-mini:org::id}. */
    public static String family(String model) {
        String base = model.startsWith("ft:") ? model.substring(3) : model;
        String name = base.substring(base.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        return name.replaceFirst("[^a-z].*$", "");
    }
}
