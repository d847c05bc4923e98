package dev.attune.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The figures of every step as CSV, one line a step: what becomes {@code result/metrics.csv}. A figure that was not
 * measured is an empty cell. Not thread-safe.
 */
final class MetricsTable {
    private static final String HEADER = "step,train_loss,train_accuracy,valid_loss,valid_mean_token_accuracy\n";

    private final StringBuilder text;

    private MetricsTable(String text) {
        this.text = new StringBuilder(text);
    }

    static MetricsTable empty() {
        return new MetricsTable(HEADER);
    }

    static MetricsTable read(Path file) throws IOException {
        return new MetricsTable(Files.readString(file));
    }

    /** Adds a step; where the whole validation file was measured, that counts. */
    void add(StepMetrics metrics) {
        boolean full = Double.isFinite(metrics.fullValidLoss());
        text.append(metrics.step()).append(',').append(cell(metrics.trainLoss())).append(',')
                .append(cell(metrics.trainAccuracy())).append(',')
                .append(cell(full ? metrics.fullValidLoss() : metrics.validLoss())).append(',')
                .append(cell(full ? metrics.fullValidAccuracy() : metrics.validAccuracy())).append('\n');
    }

    void write(Path file) throws IOException {
        Files.writeString(file, text);
    }

    private static String cell(double figure) {
        return Double.isFinite(figure) ? String.format(Locale.ROOT, "%.6f", figure) : "";
    }
}
