package dev.attune.pretraining;

import dev.attune.engine.config.ModelConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Everything that decides a pretraining run.
 *
 * @param directory where the run keeps its log, its checkpoints and its export
 * @param tokenizer a directory with the tokenizer's files and the chat template, copied into the export
 * @param from a model in Hugging Face layout whose weights the run begins with; empty begins with random ones
 * @param firstLesson index in the stream that the run begins at
 * @param totalTokens tokens to learn from, padding not counted
 * @param warmupTokens over which the learning rate rises
 * @param decayShare last share of the tokens, over which it falls to 0
 * @param matrixRate peak learning rate of the blocks' matrices (Muon)
 * @param otherRate peak learning rate of embedding and norms (AdamW)
 * @param rowLength tokens in a packed row
 * @param rows rows in one pass of one worker
 * @param growAfterTokens from where on every worker makes two passes for a step instead of one
 * @param workers threads that share a step's batch
 * @param checkpointEvery time between checkpoints
 * @param probeEvery time between tests of the skills
 */
public record PretrainingSettings(Path directory, Path tokenizer, ModelConfig model, Optional<Path> from,
        long seed, long firstLesson, long totalTokens,
        long warmupTokens, double decayShare, double matrixRate, double otherRate, int rowLength, int rows,
        long growAfterTokens, int workers, boolean halfProducts, Duration checkpointEvery, Duration probeEvery) {}
