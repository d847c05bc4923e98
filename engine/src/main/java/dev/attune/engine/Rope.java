package dev.attune.engine;

/**
 * How fast each pair of a head's dimensions turns with the position (rotary position embedding, Su et al. 2021), in the
 * half-split layout of Hugging Face checkpoints.
 */
public record Rope(double theta, Scaling scaling) {

    /** What stretches the frequencies of a model beyond the length it was first trained on. */
    public sealed interface Scaling {

        /** Nothing is stretched. */
        record None() implements Scaling {}

        /** Every frequency is divided by the factor. */
        record Linear(double factor) implements Scaling {}

        /** Llama 3.1's rule: long waves are divided by the factor, short ones kept, those between are blended. */
        record Llama3(double factor, double lowFrequencyFactor, double highFrequencyFactor, double originalPositions)
                implements
                    Scaling {}
    }

    /** The angle in radians that each of {@code headSize / 2} pairs turns per position. */
    public double[] inverseFrequencies(int headSize) {
        var frequencies = new double[headSize / 2];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = scaled(Math.pow(theta, -2.0 * i / headSize));
        }
        return frequencies;
    }

    private double scaled(double frequency) {
        return switch (scaling) {
            case Scaling.None() -> frequency;
            case Scaling.Linear(double factor) -> frequency / factor;
            case Scaling.Llama3(double factor, double low, double high, double original) -> {
                double wavelength = 2 * Math.PI / frequency;
                if (wavelength < original / high) {
                    yield frequency;
                }
                if (wavelength > original / low) {
                    yield frequency / factor;
                }
                double smooth = (original / wavelength - low) / (high - low);
                yield (1 - smooth) * frequency / factor + smooth * frequency;
            }
        };
    }
}
