package dev.attune.engine.train;

import dev.attune.engine.config.LoraConfig;

/** Which numbers a job trains. */
public sealed interface Tuning {

    /** As job.json calls it. */
    String type();

    /** A low-rank adapter; the base model stays as it is. */
    record Lora(LoraConfig config) implements Tuning {
        public Lora {
            config.requireTrainable();
        }

        @Override
        public String type() {
            return "lora";
        }
    }

    /** All weights of the model; the result is a model directory of its own. */
    record Full() implements Tuning {
        @Override
        public String type() {
            return "full";
        }
    }
}
