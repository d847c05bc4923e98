package dev.attune.cli;

import dev.attune.dataset.CostEstimate;
import dev.attune.dataset.MaskedRow;
import dev.attune.dataset.Row;
import dev.attune.dataset.TokenCount;
import dev.attune.dataset.TokenCounter;
import dev.attune.dataset.TokenStatistics;
import dev.attune.engine.config.ModelConfig;
import dev.attune.engine.train.AutoHyperparameters;
import dev.attune.text.ChatEncoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A base model's directory as checking needs it: how it counts tokens, how many it takes, how long tuning lasts. Owns a
 * native tokenizer.
 */
final class LocalModel implements AutoCloseable {
    /**
     * Training speed on one core, in tokens a second times parameters: measured with LoRA on the bundled model on two
     * cores and divided by two. Larger models come a little closer to the machine's peak, smaller ones stay further away.
     */
    private static final double TOKENS_TIMES_PARAMETERS = 1.2e10;

    private final ModelConfig config;
    private final ChatEncoder encoder;

    private LocalModel(ModelConfig config, ChatEncoder encoder) {
        this.config = config;
        this.encoder = encoder;
    }

    /** Opens a directory in Hugging Face layout. */
    static LocalModel open(Path directory) {
        return new LocalModel(ModelConfig.read(directory), ChatEncoder.open(directory));
    }

    /** The most tokens that the model takes in one row. */
    int context() {
        return config.maxPositions();
    }

    /** The row as this model will see it. */
    MaskedRow mask(Row row) {
        return MaskedRow.of(row, encoder);
    }

    /** Counts as this model does; lives as long as this. */
    TokenCounter counter() {
        return TokenCounter.of(encoder);
    }

    /**
     * About how long tuning takes here.
     *
     * @param share the share of the rows that is trained on, above 0, at most 1
     * @param epochs passes over them, or −1 for what the trainer would choose
     */
    static CostEstimate estimate(String name, Path directory, TokenStatistics tokens, double share, int epochs) {
        List<TokenCount> rows = tokens.perRow().subList(0, (int) Math.ceil(share * tokens.perRow().size()));
        long total = rows.stream().mapToLong(TokenCount::total).sum();
        int passes = AutoHyperparameters.resolve(ModelConfig.read(directory), rows.size(), total, epochs, -1, -1)
                .epochs();
        double speed = TOKENS_TIMES_PARAMETERS * Runtime.getRuntime().availableProcessors() / parameters(directory);
        return CostEstimate.local(name, rows, passes, speed);
    }

    /** Parameters, from the size of the weights: two bytes each. */
    private static double parameters(Path directory) {
        try (var files = Files.list(directory)) {
            List<Path> weights = files.filter(file -> file.toString().endsWith(".safetensors")).toList();
            long bytes = 0;
            for (Path file : weights) {
                bytes += Files.size(file);
            }
            return Math.max(1, bytes / 2.0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        encoder.close();
    }
}
