package dev.attune.dataset;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which questions of an evaluation set stand in the training data, so that what they measure is memory. Immutable.
 *
 * @param evalSet the file of the evaluation set
 * @param items how many questions it has
 * @param contaminated those that were found in the training data, in order
 * @param cleanLines lines of the others: what is measured on these alone shows the skill
 */
public record Contamination(String evalSet, int items, List<Item> contaminated, List<Integer> cleanLines) {

    /** How a question was found, the strongest first. */
    public enum How {
        /** The same words in the same order. */
        SAME_WORDS("the question stands word for word"),
        /** Below 13 words: half of the runs of five words. */
        NEAR_5_GRAMS("the question stands in nearly the same words"),
        /** From 13 words to 49: half of the runs of eight words. */
        NEAR_8_GRAMS("the question stands in nearly the same words"),
        /** A run of 13 words that few training rows share (Brown et al. 2020, appendix C). */
        SHARED_13_GRAM("a run of 13 words of the question or its answer stands");

        private final String words;

        How(String words) {
            this.words = words;
        }
    }

    /**
     * A question that was found.
     *
     * @param line of the evaluation set
     * @param overlap 1 for the same words; the Jaccard similarity for 5- and 8-grams; the share of its 13-grams that were
     *            found
     * @param trainingLines of the training file, the first five
     * @param excerpt the question, shortened
     */
    public record Item(int line, How how, double overlap, List<Integer> trainingLines, String excerpt) {
        public Item {
            trainingLines = List.copyOf(trainingLines);
        }

        /** As a problem of the evaluation set. */
        public Problem problem(String training) {
            return new Problem("contaminated_item", Severity.WARNING, line, "",
                    String.format(Locale.ROOT, "%s in line%s %s of %s%s; measure without it",
                            how.words, trainingLines.size() > 1 ? "s" : "",
                            trainingLines.stream().map(String::valueOf).collect(Collectors.joining(", ")), training,
                            overlap < 1 ? String.format(Locale.ROOT, " (%.0f %%)", 100 * overlap) : ""),
                    excerpt);
        }
    }

    public Contamination {
        contaminated = List.copyOf(contaminated);
        cleanLines = List.copyOf(cleanLines);
    }

    /** Looks for an evaluation set in rows that are held in memory; {@link ContaminationScan} takes them one by one. */
    public static Contamination of(Dataset training, EvalSet evalSet) {
        var scan = new ContaminationScan(evalSet);
        training.rows().forEach(scan);
        return scan.finish();
    }

    static Contamination of(EvalSet evalSet, List<Item> contaminated) {
        Set<Integer> found = new HashSet<>();
        contaminated.forEach(item -> found.add(item.line));
        var clean = new ArrayList<Integer>();
        evalSet.items().stream().map(EvalSet.Item::line).filter(line -> !found.contains(line)).forEach(clean::add);
        return new Contamination(evalSet.file().toString(), evalSet.items().size(), contaminated, clean);
    }

    /** One problem of the evaluation set for each contaminated question. */
    public List<Problem> problems(String training) {
        return contaminated.stream().map(item -> item.problem(training)).toList();
    }
}
