package dev.attune.engine;

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
}
