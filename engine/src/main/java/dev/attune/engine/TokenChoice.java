package dev.attune.engine;

import java.util.Arrays;
import java.util.Random;

/**
 * Draws the next token from logits: the likeliest at temperature 0, else by softmax(logits / temperature), cut to the
 * likeliest tokens that together reach top-p (nucleus sampling, Holtzman et al. 2019). The same seed draws the same. Not
 * thread-safe.
 */
final class TokenChoice {
    private final double temperature;
    private final double topP;
    private final int vocabulary;
    private final Random random;

    /** @param vocabulary tokens that have a text; a model's logits may be more, to fill up its matrix */
    TokenChoice(SamplingOptions options, int vocabulary) {
        this.vocabulary = vocabulary;
        this.temperature = options.temperature();
        this.topP = options.topP();
        this.random = new Random(options.seed());
    }

    int next(float[] all) {
        float[] logits = all.length > vocabulary ? Arrays.copyOf(all, vocabulary) : all;
        return temperature == 0 ? likeliest(logits) : draw(logits);
    }

    /** Of equal ones the first. */
    static int likeliest(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            if (logits[i] > logits[best]) {
                best = i;
            }
        }
        return best;
    }

    private int draw(float[] logits) {
        double highest = logits[likeliest(logits)];
        var weights = new double[logits.length];
        double sum = 0;
        for (int i = 0; i < logits.length; i++) {
            weights[i] = Math.exp((logits[i] - highest) / temperature);
            sum += weights[i];
        }
        return topP >= 1 ? pick(weights, sum) : pickFromNucleus(weights, sum);
    }

    private int pick(double[] weights, double sum) {
        double left = random.nextDouble() * sum;
        int last = 0;
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] > 0) {
                last = i;
                left -= weights[i];
                if (left < 0) {
                    return i;
                }
            }
        }
        return last;
    }

    private int pickFromNucleus(double[] weights, double sum) {
        // One sort of longs: the weight's bits (which order as it does) above, the reversed index below.
        var keys = new long[weights.length];
        for (int i = 0; i < weights.length; i++) {
            keys[i] = (long) Float.floatToIntBits((float) weights[i]) << 32 | (weights.length - 1 - i);
        }
        Arrays.sort(keys);
        var kept = new double[weights.length];
        double mass = 0;
        for (int rank = keys.length - 1; rank >= 0 && mass < topP * sum; rank--) {
            int token = weights.length - 1 - (int) keys[rank];
            kept[token] = weights[token];
            mass += weights[token];
        }
        return pick(kept, mass);
    }
}
