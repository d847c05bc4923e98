package dev.attune.engine.train;

import dev.attune.engine.data.TrainingMethod;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The figures of every step as CSV, one line a step, with the rewards where pairs are trained: what becomes {@code result/metrics.csv}. A figure that was not
 * measured is an empty cell. Not thread-safe.
 */
final class MetricsTable {
    private static final String HEADER = "step,train_loss,train_accuracy,valid_loss,valid_mean_token_accuracy";
    private static final String REWARDS = ",train_reward_accuracy,train_reward_margin,train_reward_preferred,"
            + "train_reward_other,valid_reward_accuracy,valid_reward_margin";

    private final StringBuilder text;
    private final boolean pairs;

    private MetricsTable(String text, boolean pairs) {
        this.text = new StringBuilder(text);
        this.pairs = pairs;
    }

    static MetricsTable empty(TrainingMethod method) {
        boolean pairs = method instanceof TrainingMethod.Dpo;
        return new MetricsTable(HEADER + (pairs ? REWARDS : "") + "\n", pairs);
    }

    static MetricsTable read(Path file) throws IOException {
        String text = Files.readString(file);
        return new MetricsTable(text, text.startsWith(HEADER + REWARDS));
    }

    /** Adds a step; where the whole validation file was measured, that counts. */
    void add(StepMetrics metrics) {
        boolean full = Double.isFinite(metrics.fullValidLoss());
        text.append(metrics.step()).append(',').append(cell(metrics.trainLoss())).append(',')
                .append(cell(metrics.trainAccuracy())).append(',')
                .append(cell(full ? metrics.fullValidLoss() : metrics.validLoss())).append(',')
                .append(cell(full ? metrics.fullValidAccuracy() : metrics.validAccuracy()));
        if (pairs) {
            Rewards train = metrics.rewards();
            Rewards valid = metrics.validRewards();
            for (double figure : new double[]{train.accuracy(), train.margin(), train.preferred(), train.other(),
                    valid.accuracy(), valid.margin()}) {
                text.append(',').append(cell(figure));
            }
        }
        text.append('\n');
    }

    void write(Path file) throws IOException {
        Files.writeString(file, text);
    }

    private static String cell(double figure) {
        return Double.isFinite(figure) ? String.format(Locale.ROOT, "%.6f", figure) : "";
    }
}
