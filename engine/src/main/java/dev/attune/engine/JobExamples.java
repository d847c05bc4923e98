package dev.attune.engine;

import dev.attune.dataset.FilePart;
import dev.attune.text.ChatEncoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The examples of a job's files. */
record JobExamples(EncodedExamples training, EncodedExamples validation, EncodedExamples replay) {

    /** Without rows to replay. */
    JobExamples(EncodedExamples training, EncodedExamples validation) {
        this(training, validation, EncodedExamples.NONE);
    }

    /**
     * Reads and encodes the files.
     *
     * @throws JobFailedException where one was changed, or cannot be trained on
     * @throws EngineException where tokenizer and model do not belong together
     */
    static JobExamples read(JobDirectory directory) throws IOException {
        JobSpec spec = directory.spec();
        requireUnchanged(directory, spec.data().training(), "training_file");
        requireUnchanged(directory, spec.data().validation(), "validation_file");
        requireUnchanged(directory, spec.data().replay(), "replay_file");
        ModelConfig config = ModelConfig.read(spec.base());
        try (ChatEncoder encoder = ChatEncoder.open(spec.base())) {
            var files = new Files(directory, encoder, config);
            var examples = new JobExamples(files.read(spec.data().training(), FilePart.TRAINING, "training"),
                    files.read(spec.data().validation(), FilePart.VALIDATION, "validation"),
                    files.read(spec.data().replay(), FilePart.VALIDATION, "replay"));
            for (EncodedExamples each : List.of(examples.training, examples.validation, examples.replay)) {
                each.requireTokensBelow(config.vocabularySize(), spec.base());
            }
            return examples;
        }
    }

    private record Files(JobDirectory directory, ChatEncoder encoder, ModelConfig config) {

        EncodedExamples read(DataFile file, FilePart part, String kind) {
            if (file.isNone()) {
                return EncodedExamples.NONE;
            }
            JobData data = directory.spec().data();
            int context = config.maxPositions();
            int most = data.maxTokens() == 0 ? context : Math.min(context, data.maxTokens());
            return ExampleFile.read(directory.path().resolve(file.path()), part, kind, directory.spec().method(),
                    encoder,
                    new LengthLimit(most, data.overLength()));
        }
    }

    private static void requireUnchanged(JobDirectory directory, DataFile file, String param) throws IOException {
        Path path = directory.path().resolve(file.path());
        if (!file.hash().isEmpty() && !file.hash().equals(CheckpointStore.sha256(path))) {
            throw new JobFailedException("file_changed", "The file " + path
                    + " is not the one the job was made with: create the job again.", param);
        }
    }

    /** What became of examples that were too long, a sentence for each file. */
    List<String> lost() {
        return List.of(training, validation, replay).stream().map(EncodedExamples::lost).flatMap(Optional::stream)
                .toList();
    }
}
