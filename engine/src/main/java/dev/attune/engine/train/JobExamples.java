package dev.attune.engine.train;

import dev.attune.dataset.FilePart;
import dev.attune.engine.config.ModelConfig;
import dev.attune.engine.data.DataFile;
import dev.attune.engine.data.EncodedExamples;
import dev.attune.engine.data.EncodedFile;
import dev.attune.engine.data.ExampleFile;
import dev.attune.engine.data.JobFailedException;
import dev.attune.engine.data.LengthLimit;
import dev.attune.text.ChatEncoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The examples of a job's files. Whoever reads them closes them. */
public record JobExamples(EncodedExamples training, EncodedExamples validation, EncodedExamples replay)
        implements
            AutoCloseable {

    /** Without rows to replay. */
    public JobExamples(EncodedExamples training, EncodedExamples validation) {
        this(training, validation, EncodedExamples.NONE);
    }

    /**
     * Reads and encodes the files, or opens what was encoded when the job began.
     *
     * @throws JobFailedException where one was changed, or cannot be trained on
     * @throws EngineException where tokenizer and model do not belong together
     */
    static JobExamples read(JobDirectory directory) throws IOException {
        JobSpec spec = directory.spec();
        ModelConfig config = ModelConfig.read(spec.base());
        try (var files = new Files(directory, config)) {
            var examples = new JobExamples(files.open(spec.data().training(), FilePart.TRAINING, "training"),
                    files.open(spec.data().validation(), FilePart.VALIDATION, "validation"),
                    files.open(spec.data().replay(), FilePart.VALIDATION, "replay"));
            for (EncodedExamples each : List.of(examples.training, examples.validation, examples.replay)) {
                each.requireTokensBelow(config.vocabularySize(), spec.base());
            }
            return examples;
        }
    }

    /** The files of a job, with a tokenizer that is opened when it is needed. */
    private static final class Files implements AutoCloseable {
        private final JobDirectory directory;
        private final ModelConfig config;
        private Optional<ChatEncoder> encoder = Optional.empty();

        Files(JobDirectory directory, ModelConfig config) {
            this.directory = directory;
            this.config = config;
        }

        EncodedExamples open(DataFile file, FilePart part, String kind) throws IOException {
            if (file.isNone()) {
                return EncodedExamples.NONE;
            }
            Path data = directory.path().resolve(file.path());
            var encoded = new EncodedFile(directory.path().resolve("tokens"), kind, data);
            if (encoded.isOfThisFile()) {
                Optional<EncodedExamples> before = encoded.open();
                if (before.isPresent()) {
                    return before.get();
                }
            }
            requireUnchanged(data, file, kind);
            Optional<EncodedExamples> before = file.hash().isEmpty() ? Optional.empty() : encoded.open();
            return before.isPresent() ? before.get() : encoded.keep(read(data, part, kind, encoded.tokens()));
        }

        private EncodedExamples read(Path data, FilePart part, String kind, Path tokens) throws IOException {
            JobSpec spec = directory.spec();
            if (encoder.isEmpty()) {
                encoder = Optional.of(ChatEncoder.open(spec.base()));
            }
            int context = config.maxPositions();
            int most = spec.data().maxTokens() == 0 ? context : Math.min(context, spec.data().maxTokens());
            return ExampleFile.read(data, part, kind, spec.method(), encoder.get(),
                    new LengthLimit(most, spec.data().overLength()), tokens);
        }

        @Override
        public void close() {
            encoder.ifPresent(ChatEncoder::close);
        }
    }

    private static void requireUnchanged(Path path, DataFile file, String kind) throws IOException {
        if (!file.hash().isEmpty() && !file.hash().equals(CheckpointStore.sha256(path))) {
            throw new JobFailedException("file_changed", "The file " + path
                    + " is not the one the job was made with: create the job again.", kind + "_file");
        }
    }

    @Override
    public void close() {
        List.of(training, validation, replay).forEach(EncodedExamples::close);
    }

    /** Tokens of the longest example. */
    int longest() {
        return List.of(training, validation, replay).stream().mapToInt(EncodedExamples::longest).max().orElse(1);
    }

    /** What became of examples that were too long, a sentence for each file. */
    List<String> lost() {
        return List.of(training, validation, replay).stream().map(EncodedExamples::lost).flatMap(Optional::stream)
                .toList();
    }
}
