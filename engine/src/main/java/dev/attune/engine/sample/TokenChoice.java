package dev.attune.engine.sample;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/**
 * Draws the next token from logits: the likeliest at temperature 0, else by softmax(logits / temperature), cut to the
 * likeliest tokens that together reach top-p (nucleus sampling, Holtzman et al. 2019). Before that the logits are steered
 * by penalties and bias; a token that a rule forbids is taken out and another is drawn. The same seed draws the same. Not
 * thread-safe.
 */
final class TokenChoice {
    /** No token may come. */
    static final int NONE = -1;
    /** After so many forbidden tokens every token is asked for, once. */
    private static final int TRIALS = 16;

    private final double temperature;
    private final double topP;
    private final Steering steering;
    private final int vocabulary;
    private final Random random;
    private final Map<Integer, Integer> counts = new HashMap<>();

    /** @param vocabulary tokens that have a text; a model's logits may be more, to fill up its matrix */
    TokenChoice(SamplingOptions options, int vocabulary) {
        this.vocabulary = vocabulary;
        this.temperature = options.temperature();
        this.topP = options.topP();
        this.steering = options.steering();
        this.random = new Random(options.seed());
    }

    int next(float[] all) {
        return next(all, TokenRule.ANY);
    }

    /** The next token that the rule allows, or {@link #NONE}. The logits are left as they are. */
    int next(float[] all, TokenRule rule) {
        boolean free = steering.isNone() && rule == TokenRule.ANY;
        float[] logits = free && all.length <= vocabulary
                ? all
                : Arrays.copyOf(all, Math.min(all.length, vocabulary));
        steer(logits);
        keep(logits, rule.few());
        int token = pick(logits);
        for (int trial = 1; !rule.allows(token); trial++) {
            logits[token] = Float.NEGATIVE_INFINITY;
            if (trial == TRIALS) {
                forbid(logits, rule);
            }
            token = pick(logits);
            if (logits[token] == Float.NEGATIVE_INFINITY) {
                return NONE;
            }
        }
        if (!steering.isNone()) {
            counts.merge(token, 1, Integer::sum);
        }
        return token;
    }

    private int pick(float[] logits) {
        return temperature == 0 ? likeliest(logits) : draw(logits);
    }

    private void steer(float[] logits) {
        if (steering.isNone()) {
            return;
        }
        counts.forEach((token, count) -> logits[token] -= (float) (steering.presencePenalty()
                + count * steering.frequencyPenalty()));
        steering.bias().forEach((token, bias) -> {
            if (token >= 0 && token < logits.length) {
                logits[token] += bias.floatValue();
            }
        });
    }

    private static void keep(float[] logits, int[] few) {
        if (few.length > 0) {
            float[] kept = new float[few.length];
            for (int i = 0; i < few.length; i++) {
                kept[i] = logits[few[i]];
            }
            Arrays.fill(logits, Float.NEGATIVE_INFINITY);
            for (int i = 0; i < few.length; i++) {
                logits[few[i]] = kept[i];
            }
        }
    }

    private static void forbid(float[] logits, TokenRule rule) {
        for (int token = 0; token < logits.length; token++) {
            if (logits[token] != Float.NEGATIVE_INFINITY && !rule.allows(token)) {
                logits[token] = Float.NEGATIVE_INFINITY;
            }
        }
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
        int best = likeliest(logits);
        double highest = logits[best];
        if (highest == Float.NEGATIVE_INFINITY) {
            return best;
        }
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
