package dev.attune.engine.train;

import dev.attune.engine.config.ModelConfig;
import dev.attune.engine.data.JobFailedException;

import java.util.Locale;

/**
 * How a job's batches go through the model so that they fit this machine.
 *
 * @param tokensPerPass most tokens that go through the model at once
 * @param recompute whether blocks are computed once more instead of keeping what their backward pass needs; the bits are
 *        the same
 * @param bytes about what the trainer takes then
 */
record MemoryPlan(int tokensPerPass, boolean recompute, long bytes) {
    private static final int FEWEST_TOKENS = 512;
    /** Share of the machine's memory below which nothing is given up for less. */
    private static final double COMFORT = 0.7;
    /** Share of it that a job may take at all. */
    private static final double LIMIT = 0.95;

    /**
     * Takes the largest pass that leaves room; where none does, recomputes.
     *
     * @param longest tokens of the longest example, which is never cut
     * @param machine the machine's memory, in bytes
     * @throws JobFailedException where the job does not fit, naming what to lower
     */
    static MemoryPlan of(JobSpec spec, ModelConfig config, int threads, int longest, long machine) {
        MemoryPlan plan = new MemoryPlan(0, false, Long.MAX_VALUE);
        for (boolean recompute : new boolean[]{false, true}) {
            for (int tokens = JobRun.TOKENS_PER_PASS; tokens >= FEWEST_TOKENS; tokens /= 2) {
                plan = at(spec, config, threads, longest, tokens, recompute);
                if (plan.bytes <= COMFORT * machine) {
                    return plan;
                }
            }
        }
        if (plan.bytes > LIMIT * machine) {
            throw tooLarge(spec, threads, longest, plan.bytes, machine);
        }
        return plan;
    }

    /** With passes of a size that was chosen before: recomputes where that leaves little room. */
    static MemoryPlan fixed(JobSpec spec, ModelConfig config, int threads, int longest, int tokens, long machine) {
        MemoryPlan plan = at(spec, config, threads, longest, tokens, false);
        return plan.bytes <= COMFORT * machine ? plan : at(spec, config, threads, longest, tokens, true);
    }

    /** What a pass of a given size takes. */
    private static MemoryPlan at(JobSpec spec, ModelConfig config, int threads, int longest, int tokens,
            boolean recompute) {
        long batch = (long) spec.hyperparameters().batchSize() * longest;
        int workers = Math.min(GradientWorkers.count(threads), spec.hyperparameters().batchSize());
        long share = Math.max(longest, (batch + workers - 1) / workers);
        long pass = Math.max(longest, Math.min(tokens, share));
        MemoryEstimate estimate = MemoryEstimate.of(config, spec.tuning(), spec.precision(), workers, pass, longest);
        return new MemoryPlan(tokens, recompute, recompute ? estimate.tightTuning() : estimate.tuning());
    }

    private static JobFailedException tooLarge(JobSpec spec, int threads, int longest, long bytes, long machine) {
        String model = spec.tuning() instanceof Tuning.Full ? "an adapter instead of all weights, " : "";
        String workers = threads > 1 ? "fewer threads than " + threads + ", " : "";
        return new JobFailedException("out_of_memory", String.format(Locale.ROOT,
                "Training needs about %s, but this machine has %s: use %s%sexamples shorter than %,d tokens (max_tokens) or"
                        + " a smaller model.",
                size(bytes), size(machine), model, workers, longest), "model");
    }

    /** Bytes as people say them. */
    static String size(double bytes) {
        return bytes < 995e6
                ? String.format(Locale.ROOT, "%.0f MB", bytes / 1e6)
                : String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
    }
}
