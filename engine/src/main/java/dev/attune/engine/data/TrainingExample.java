package dev.attune.engine.data;

import dev.attune.text.MaskedTokens;
import java.util.List;

/** One example as tokens: what an optimizer step counts its batch in. */
public sealed interface TrainingExample {

    /** Line of the file that it was read from, the first is 1. */
    int line();

    /** The sequences that pass through the model together. */
    List<MaskedTokens> sequences();

    /** Tokens of all of them. */
    default int length() {
        return sequences().stream().mapToInt(MaskedTokens::length).sum();
    }

    /** Tokens of which something is learned. */
    default int trainedCount() {
        return sequences().stream().mapToInt(MaskedTokens::trainedCount).sum();
    }

    /** A conversation, or a piece of one that was split. */
    record Single(int line, MaskedTokens tokens) implements TrainingExample {
        @Override
        public List<MaskedTokens> sequences() {
            return List.of(tokens);
        }
    }

    /**
     * A better and a worse answer to one question, the question in both.
     *
     * @param reference what the model thought of them before training
     */
    record Pair(int line, MaskedTokens preferred, MaskedTokens other, Reference reference) implements TrainingExample {
        public Pair(int line, MaskedTokens preferred, MaskedTokens other) {
            this(line, preferred, other, Reference.UNKNOWN);
        }

        public Pair with(Reference known) {
            return new Pair(line, preferred, other, known);
        }

        @Override
        public List<MaskedTokens> sequences() {
            return List.of(preferred, other);
        }
    }

    /**
     * Log-probabilities, in nats, of the two answers of a pair under the reference model, each summed over its tokens.
     */
    record Reference(double preferred, double other) {
        static final Reference UNKNOWN = new Reference(Double.NaN, Double.NaN);
    }
}
