package dev.attune.engine.data;

import dev.attune.engine.EngineException;

/** What a job's examples are and what of them is learned. */
public sealed interface TrainingMethod {
    Supervised SUPERVISED = new Supervised();

    /** As job.json and the wire call it. */
    String type();

    /** Conversations, whose assistant tokens are made likelier (cross-entropy). */
    record Supervised() implements TrainingMethod {
        @Override
        public String type() {
            return "supervised";
        }
    }

    /**
     * Pairs of a better and a worse answer: direct preference optimization (Rafailov et al. 2023) against the model as
     * training began.
     *
     * @param beta how dearly leaving that model is paid, above 0, at most 2
     */
    record Dpo(double beta) implements TrainingMethod {
        /** What {@code auto} means. */
        public static final double AUTO_BETA = 0.1;

        public Dpo {
            if (!(beta > 0 && beta <= 2)) {
                throw new EngineException("This job cannot be run: beta must be above 0, at most 2, not " + beta + ".");
            }
        }

        @Override
        public String type() {
            return "dpo";
        }
    }
}
