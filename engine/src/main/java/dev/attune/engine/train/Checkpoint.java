package dev.attune.engine.train;

import java.nio.file.Path;

/**
 * A complete checkpoint on disk.
 *
 * @param directory {@code checkpoints/step-000120}
 * @param step optimizer steps done
 * @param epochsDone epochs that were complete
 * @param epochEnd whether it was made at an epoch's end, and so is kept to be served
 * @param metrics figures of that step
 */
public record Checkpoint(Path directory, int step, int epochsDone, boolean epochEnd, StepMetrics metrics) {

    /** The adapter in PEFT layout, where one is trained. */
    public Path adapter() {
        return directory.resolve(TrainedAdapter.FOLDER);
    }

    /** The model in Hugging Face layout, in 32-bit floats, where all its weights are trained. */
    public Path model() {
        return directory.resolve(TrainedModel.FOLDER);
    }
}
