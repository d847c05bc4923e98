package dev.attune.engine.train;

import com.sun.management.OperatingSystemMXBean;
import dev.attune.engine.config.Family;
import dev.attune.engine.config.LoraConfig;
import dev.attune.engine.config.ModelConfig;
import dev.attune.engine.config.Precision;
import dev.attune.engine.model.AdapterLayout;
import dev.attune.engine.model.AttentionBlock;
import dev.attune.engine.model.AttentionProduct;
import dev.attune.engine.model.LossHead;
import dev.attune.engine.sample.Voice;
import java.lang.management.ManagementFactory;

/**
 * About how much memory a model takes, in bytes, from its shape.
 *
 * @param weights its weights, as 32-bit floats
 * @param serving weights, and keys and values of what is being written
 * @param tuning weights, an adapter with its gradients and moments, and what the largest passes keep: those that train,
 *        or those that only measure, which hold two blocks at a time
 * @param tightTuning the same where each block is computed once more instead of keeping what its backward pass needs
 */
public record MemoryEstimate(long weights, long serving, long tuning, long tightTuning) {
    private static final long FLOAT = 4;
    /** Linear layers of a block. */
    private static final long LINEAR_LAYERS = 7;
    /** Java, libtorch and the tokenizer. */
    private static final long PROCESS = 400L << 20;

    /**
     * Estimates.
     *
     * @param lora the adapter that is trained
     * @param threads threads to compute with; some of them work on passes of their own
     */
    public static MemoryEstimate of(ModelConfig config, LoraConfig lora, int threads) {
        return of(config, new Tuning.Lora(lora), threads);
    }

    /** As {@link #of(ModelConfig, LoraConfig, int)}, of whatever is trained, with passes of the usual size. */
    public static MemoryEstimate of(ModelConfig config, Tuning tuning, int threads) {
        return of(config, tuning, Precision.FLOAT32, GradientWorkers.count(threads), JobRun.TOKENS_PER_PASS,
                Math.min(BatchRows.LONGEST_ROW, config.maxPositions()));
    }

    /**
     * Of passes of a given size.
     *
     * @param precision of the frozen weights
     * @param workers how many passes run at a time
     * @param tokens of one pass
     * @param row tokens of the longest row
     */
    static MemoryEstimate of(ModelConfig config, Tuning tuning, Precision precision, int workers, long tokens,
            int row) {
        long weights = FLOAT * config.parameterCount();
        long held = precision.bytes() * config.parameterCount();
        long rank = tuning instanceof Tuning.Lora(LoraConfig lora) ? lora.rank() : 0;
        long adapter = FLOAT * switch (tuning) {
            case Tuning.Lora(LoraConfig lora) -> new AdapterLayout(lora, config).parameters().size() * (3 + workers);
            case Tuning.Full full -> config.parameterCount() * (2 + workers);
        };
        long number = activations(tuning, precision).bytes();
        long block = workers * tokens * number * perToken(config, rank, row);
        long inputs = workers * tokens * number * config.hiddenSize() * config.layers();
        long measured = 2 * workers * Math.max(row, GradientWorkers.MEASURED_TOKENS) * number
                * perToken(config, rank, row);
        long fixed = held + PROCESS + adapter
                + workers * (LossHead.chunkBytes(precision) + tokens * number * passing(config));
        long cache = FLOAT * 2 * config.layers() * config.keyValueHeads() * config.headSize() * config.maxPositions();
        return new MemoryEstimate(weights, weights + PROCESS + Math.max(cache, Voice.GROUP_BYTES),
                fixed + Math.max(config.layers() * block, measured), fixed + Math.max(inputs + block, measured));
    }

    /** In which numbers a batch passes through the layers. */
    private static Precision activations(Tuning tuning, Precision precision) {
        return tuning instanceof Tuning.Lora(LoraConfig lora) && !lora.magnitudes() ? precision : Precision.FLOAT32;
    }

    /** The memory of this machine, in bytes. */
    public static long machineBytes() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean machine
                ? machine.getTotalMemorySize()
                : Long.MAX_VALUE;
    }

    /**
     * What a block keeps of one token for the backward pass, in numbers: its two sums and the norms' outputs, queries,
     * keys, values and what was mixed of them, gate and up, the adapter's low ranks, and of short rows the
     * probabilities of the keys that a block of queries sees.
     */
    private static long perToken(ModelConfig config, long rank, int row) {
        long d = config.hiddenSize();
        long queries = (long) config.heads() * config.headSize();
        long keys = (long) config.keyValueHeads() * config.headSize();
        boolean postNorms = config.family().has(Family.Trait.POST_NORMS);
        boolean headNorms = config.family().has(Family.Trait.QUERY_KEY_NORM);
        long heads = 2 * queries + 2 * keys + (headNorms ? queries + 2 * keys : 0);
        long scores = config.heads() * seen(row) * (config.softcaps().attention() > 0 ? 2 : 1);
        return (postNorms ? 6 : 4) * d + heads + scores + inner(config) + LINEAR_LAYERS * rank;
    }

    /** Keys whose probabilities are kept of a query, as a mean over a row. */
    private static long seen(int row) {
        if (row > AttentionProduct.KEPT_ROW) {
            return 0;
        }
        return row <= AttentionBlock.SHORT_ROW ? row : (row + AttentionBlock.QUERIES) / 2;
    }

    /** What the backward pass of a block makes of one token and gives back, in numbers. */
    private static long passing(ModelConfig config) {
        return 3L * config.feedForwardSize() + inner(config) + 3L * config.hiddenSize();
    }

    private static long inner(ModelConfig config) {
        return (config.family().has(Family.Trait.UNGATED) ? 1L : 2L) * config.feedForwardSize();
    }
}
