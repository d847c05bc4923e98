package dev.attune.engine.train;

import dev.attune.engine.config.LoraConfig;
import dev.attune.engine.config.ModelConfig;
import dev.attune.engine.config.ModelLayout;
import dev.attune.engine.data.TrainingMethod;

/**
 * What {@code auto} means. A small model learns a task in a number of optimizer steps, not in a number of epochs, so a
 * small data set gets small batches and many epochs, as far as the time for it is worth it:
 *
 * <ul>
 * <li>batch size: 8 up to 2,047 examples, then one 128th of the examples, rounded down to a power of two, at most 64;
 * <li>epochs: as many as make {@value #WANTED_STEPS} steps, but no more than make {@value #WANTED_TOKENS} tokens (about a
 * minute for a model of 6 million parameters on two cores); at least 3, at most 15;
 * <li>learning-rate multiplier: 1, a factor on {@link #learningRate}.
 * </ul>
 */
public final class AutoHyperparameters {
    private static final int WANTED_STEPS = 500;
    private static final int WANTED_TOKENS = 360_000;
    private static final int FEWEST_EPOCHS = 3;
    private static final int MOST_EPOCHS = 15;

    /** Rank of an adapter. */
    private static final int RANK = 16;
    /** An embedding of at most so many numbers is trained; 16 MB. */
    private static final long SMALL_EMBEDDING = 1 << 22;

    /** Learning rate of preference optimization as a share of the supervised one. */
    private static final double PREFERENCE_RATE = 0.1;

    /** Learning rate of all weights as a share of an adapter's; the same cookbook's. */
    private static final double FULL_RATE = 0.1;

    private AutoHyperparameters() {}

    /**
     * The adapter that a job trains where nothing else is said: all linear layers with rank {@value #RANK}, and the
     * embedding of the tokens where it has at most {@value #SMALL_EMBEDDING} numbers. A model as small as that has met few words
     * often; without their vectors it learns a form from a few hundred rows, but not what the words in them mean.
     */
    public static LoraConfig adapter(ModelConfig config) {
        LoraConfig linear = LoraConfig.allLinear(RANK);
        boolean small = new ModelLayout(config).embeddingAdaptable()
                && (long) config.vocabularySize() * config.hiddenSize() <= SMALL_EMBEDDING;
        return small ? linear.withEmbedding() : linear;
    }

    /**
     * Resolves what was left to us.
     *
     * @param rows examples in the training file
     * @param tokens tokens in the training file
     * @param epochs 1 to 50, or −1 for auto
     * @param batchSize 1 to 256, or −1 for auto
     * @param learningRateMultiplier above 0, or −1 for auto
     */
    public static Hyperparameters resolve(ModelConfig config, int rows, long tokens, int epochs, int batchSize,
            double learningRateMultiplier) {
        int batch = batchSize > 0 ? batchSize : batchSize(rows);
        int passes = epochs > 0 ? epochs : epochs(rows, tokens, batch);
        return new Hyperparameters(passes, batch, learningRateMultiplier > 0 ? learningRateMultiplier : 1);
    }

    private static int epochs(int rows, long tokens, int batch) {
        int stepsPerEpoch = Math.max(1, (rows + batch - 1) / batch);
        long byTokens = WANTED_TOKENS / Math.max(1, tokens);
        long bySteps = (WANTED_STEPS + stepsPerEpoch - 1) / stepsPerEpoch;
        return Math.clamp(Math.min(byTokens, bySteps), FEWEST_EPOCHS, MOST_EPOCHS);
    }

    private static int batchSize(int rows) {
        return Math.clamp(Integer.highestOneBit(Math.max(1, rows / 128)), 8, 64);
    }

    /**
     * The peak learning rate at multiplier 1. LoRA's on a model of this width is {@code 5e-5 · 10 · (2000 / hidden)^0.781},
     * the rule of Tinker's cookbook for Llama models ({@code hyperparam_utils.get_lr}); all weights
     * move at a tenth of it, and preferences are learned at a tenth of what conversations are.
     */
    static double learningRate(ModelConfig config, TrainingMethod method, Tuning tuning) {
        double adapter = adapterRate(config);
        double supervised = tuning instanceof Tuning.Full ? adapter * FULL_RATE : adapter;
        return method instanceof TrainingMethod.Dpo ? supervised * PREFERENCE_RATE : supervised;
    }

    private static double adapterRate(ModelConfig config) {
        return 5e-5 * 10 * Math.pow(2000.0 / config.hiddenSize(), 0.781);
    }
}
