package dev.attune.engine.train;

import dev.attune.engine.data.JobFailedException;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What is told where a step's loss is no longer a number, or far above what it was: the rows of its batch. */
final class Divergence {
    private static final int ROWS_TOLD = 10;
    private static final Comparator<Row> WORST_FIRST = Comparator.comparing((Row row) -> Double.isFinite(row.loss))
            .thenComparing(Comparator.comparingDouble(Row::loss).reversed()).thenComparing(Row::replayed)
            .thenComparing(Row::line);

    private Divergence() {}

    /**
     * A row of the batch.
     *
     * @param line line of its file, the first is 1
     * @param replayed whether that is the replay file, else the training file
     * @param loss before the step's update
     */
    record Row(int line, boolean replayed, double loss) {
        private String told() {
            return "line " + line + (replayed ? " of the replay file" : "") + " ("
                    + (Double.isFinite(loss) ? String.format(Locale.ROOT, "%.2f", loss) : "not a number") + ")";
        }
    }

    /** The loss, or the gradient, is no longer a number. */
    static JobFailedException notANumber(int step, List<Row> rows, double multiplier) {
        long bad = rows.stream().filter(row -> !Double.isFinite(row.loss)).count();
        String advice = bad > 0 && bad < rows.size()
                ? "look at what is written there, or use a smaller learning_rate_multiplier than " + multiplier
                : "use a smaller learning_rate_multiplier than " + multiplier;
        return failure("The " + (bad > 0 ? "loss" : "gradient") + " at step " + step + " is no longer a number", rows,
                advice);
    }

    /** The loss has risen far above what it was. */
    static JobFailedException tooHigh(int step, LossTrend trend, List<Row> rows, double multiplier) {
        return failure(String.format(Locale.ROOT,
                "Training has diverged: the loss was %.2f at its lowest and is %.2f at step %d", trend.lowest(),
                trend.mean(), step), rows, "use a smaller learning_rate_multiplier than " + multiplier);
    }

    private static JobFailedException failure(String what, List<Row> rows, String advice) {
        String told = rows.stream().sorted(WORST_FIRST).limit(ROWS_TOLD).map(Row::told)
                .collect(Collectors.joining(", "));
        String more = rows.size() > ROWS_TOLD ? " and " + (rows.size() - ROWS_TOLD) + " more rows" : "";
        return new JobFailedException("training_diverged", what + "; the step's rows, the highest loss first: " + told
                + more + "; " + advice + ".", "learning_rate_multiplier");
    }
}
