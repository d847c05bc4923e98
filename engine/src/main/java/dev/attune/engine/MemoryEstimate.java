package dev.attune.engine;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * About how much memory a model takes, in bytes, from its shape.
 *
 * @param weights its weights, as 32-bit floats
 * @param serving weights, and keys and values of what is being written
 * @param tuning weights, an adapter with its gradients and moments, and what the largest passes keep
 * @param tightTuning the same where each block is computed once more instead of keeping what its backward pass needs
 */
public record MemoryEstimate(long weights, long serving, long tuning, long tightTuning) {
    private static final long FLOAT = 4;
    /** Share of the machine's memory that tuning may take. */
    private static final double ROOM = 0.7;
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

    /** As {@link #of(ModelConfig, LoraConfig, int)}, of whatever is trained. */
    public static MemoryEstimate of(ModelConfig config, Tuning tuning, int threads) {
        long weights = FLOAT * config.parameterCount();
        int workers = GradientWorkers.count(threads);
        long adapter = FLOAT * switch (tuning) {
            case Tuning.Lora(LoraConfig lora) -> new AdapterLayout(lora, config).parameters().size() * (3 + workers);
            case Tuning.Full full -> config.parameterCount() * (2 + workers);
        };
        long block = workers * JobRun.TOKENS_PER_PASS * perToken(config);
        long inputs = workers * JobRun.TOKENS_PER_PASS * FLOAT * config.hiddenSize() * config.layers();
        long fixed = weights + PROCESS + adapter + workers * LossHead.chunkBytes();
        long cache = FLOAT * 2 * config.layers() * config.keyValueHeads() * config.headSize() * config.maxPositions();
        return new MemoryEstimate(weights, weights + PROCESS + Math.max(cache, Voice.GROUP_BYTES),
                fixed + config.layers() * block, fixed + inputs + block);
    }

    /** The memory of this machine, in bytes. */
    public static long machineBytes() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean machine
                ? machine.getTotalMemorySize()
                : Long.MAX_VALUE;
    }

    /** Whether blocks are computed once more, since all that they keep would leave this machine little room. */
    boolean asksForRecomputation() {
        return tuning > ROOM * machineBytes();
    }

    /** What a block keeps of one token for the backward pass, in bytes. */
    private static long perToken(ModelConfig config) {
        long d = config.hiddenSize();
        long f = config.feedForwardSize();
        long queries = (long) config.heads() * config.headSize();
        long keys = (long) config.keyValueHeads() * config.headSize();
        long row = Math.min(BatchRows.LONGEST_ROW, config.maxPositions());
        boolean postNorms = config.family().has(Family.Trait.POST_NORMS);
        boolean headNorms = config.family().has(Family.Trait.QUERY_KEY_NORM);
        boolean gated = !config.family().has(Family.Trait.UNGATED);
        long residual = (postNorms ? 12 : 8) * d;
        long heads = 5 * queries + 5 * keys + (headNorms ? 2 * (queries + keys) : 0);
        long scores = config.heads() * row * (config.softcaps().attention() > 0 ? 2 : 1);
        return FLOAT * (residual + heads + scores + (gated ? 4 : 2) * f);
    }
}
