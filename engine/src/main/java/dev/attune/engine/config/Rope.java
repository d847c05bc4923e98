package dev.attune.engine.config;

import java.util.List;

/**
 * How fast each pair of a head's dimensions turns with the position (rotary position embedding, Su et al. 2021), in the
 * half-split layout of Hugging Face checkpoints. Frequencies are rounded to 32 bits step by step where transformers
 * rounds them, since far positions multiply the difference.
 *
 * @param share of a head's dimensions that are turned, the first ones; above 0, at most 1
 */
public record Rope(double theta, double share, Scaling scaling) {

    /** All dimensions of a head are turned. */
    public Rope(double theta, Scaling scaling) {
        this(theta, 1, scaling);
    }

    /** What stretches the frequencies of a model beyond the length it was first trained on. */
    public sealed interface Scaling {

        /** Nothing is stretched. */
        record None() implements Scaling {}

        /** Every frequency is divided by the factor. */
        record Linear(double factor) implements Scaling {}

        /** Theta grows with the sequence, as soon as it is longer than {@code positions} (NTK-aware scaling). */
        record Dynamic(double factor, int positions) implements Scaling {}

        /** Llama 3.1's rule: long waves are divided by the factor, short ones kept, those between are blended. */
        record Llama3(double factor, double lowFrequencyFactor, double highFrequencyFactor, double originalPositions)
                implements
                    Scaling {}

        /**
         * YaRN (Peng et al. 2023): as Llama 3, with a straight ramp between two dimensions.
         *
         * @param betaFast turns within the original length above which a dimension is kept
         * @param betaSlow turns within the original length below which a dimension is divided by the factor
         * @param truncate whether the ramp's ends are whole dimensions
         * @param attentionFactor by which cosines and sines are multiplied
         */
        record Yarn(double factor, double originalPositions, double betaFast, double betaSlow, boolean truncate,
                double attentionFactor) implements Scaling {}

        /**
         * LongRoPE (Ding et al. 2024): each frequency has divisors of its own, one for sequences up to
         * {@code originalPositions} and one for longer ones.
         *
         * @param attentionFactor by which cosines and sines are multiplied
         */
        record LongRope(List<Double> shortFactors, List<Double> longFactors, int originalPositions,
                double attentionFactor) implements Scaling {
            public LongRope {
                shortFactors = List.copyOf(shortFactors);
                longFactors = List.copyOf(longFactors);
            }
        }
    }

    /** How many of a head's dimensions are turned. */
    public int dimensions(int headSize) {
        return (int) (headSize * share);
    }

    /** Whether a token is turned otherwise in a longer sequence. */
    public boolean dependsOnLength() {
        return scaling instanceof Scaling.Dynamic || scaling instanceof Scaling.LongRope;
    }

    /** Sequences of equal kind are turned alike. */
    public int lengthKind(int length) {
        return switch (scaling) {
            case Scaling.Dynamic(double factor, int positions) -> Math.max(length, positions);
            case Scaling.LongRope longRope -> length > longRope.originalPositions ? 1 : 0;
            default -> 0;
        };
    }

    /** By what cosines and sines are multiplied. */
    public double attentionFactor() {
        return switch (scaling) {
            case Scaling.Yarn yarn -> yarn.attentionFactor;
            case Scaling.LongRope longRope -> longRope.attentionFactor;
            default -> 1;
        };
    }

    /** The angle in radians that each pair of the turned dimensions turns per position, in a sequence of some length. */
    public float[] inverseFrequencies(int headSize, int length) {
        int dimensions = dimensions(headSize);
        double base = theta;
        if (scaling instanceof Scaling.Dynamic(double factor, int positions) && length > positions) {
            base *= Math.pow(factor * length / positions - (factor - 1), (double) dimensions / (dimensions - 2));
        }
        var frequencies = new float[dimensions / 2];
        for (int i = 0; i < frequencies.length; i++) {
            float power = (float) Math.pow(base, 2f * i / dimensions);
            frequencies[i] = switch (scaling) {
                case Scaling.None() -> 1 / power;
                case Scaling.Dynamic dynamic -> 1 / power;
                case Scaling.Linear(double factor) -> 1 / power / (float) factor;
                case Scaling.Llama3 llama3 -> blended(1 / power, llama3);
                case Scaling.Yarn yarn -> ramped(power, i, dimensions, yarn);
                case Scaling.LongRope longRope -> {
                    List<Double> factors = length > longRope.originalPositions
                            ? longRope.longFactors
                            : longRope.shortFactors;
                    yield 1 / (factors.get(i).floatValue() * power);
                }
            };
        }
        return frequencies;
    }

    private static float blended(float frequency, Scaling.Llama3 rule) {
        float wavelength = (float) (2 * Math.PI) / frequency;
        float factor = (float) rule.factor;
        if (wavelength < rule.originalPositions / rule.highFrequencyFactor) {
            return frequency;
        }
        if (wavelength > rule.originalPositions / rule.lowFrequencyFactor) {
            return frequency / factor;
        }
        float smooth = ((float) rule.originalPositions / wavelength - (float) rule.lowFrequencyFactor)
                / (float) (rule.highFrequencyFactor - rule.lowFrequencyFactor);
        return (1 - smooth) * frequency / factor + smooth * frequency;
    }

    private float ramped(float power, int pair, int dimensions, Scaling.Yarn rule) {
        double low = dimensionThatTurns(rule.betaFast, dimensions, rule);
        double high = dimensionThatTurns(rule.betaSlow, dimensions, rule);
        if (rule.truncate) {
            low = Math.floor(low);
            high = Math.ceil(high);
        }
        low = Math.max(low, 0);
        high = Math.min(high, dimensions - 1);
        if (low == high) {
            high += 0.001;
        }
        float kept = 1 - Math.clamp((float) (pair - low) / (float) (high - low), 0f, 1f);
        return 1 / ((float) rule.factor * power) * (1 - kept) + 1 / power * kept;
    }

    /** The dimension that makes so many turns within the original length. */
    private double dimensionThatTurns(double turns, int dimensions, Scaling.Yarn rule) {
        return dimensions * Math.log(rule.originalPositions / (turns * 2 * Math.PI)) / (2 * Math.log(theta));
    }
}
