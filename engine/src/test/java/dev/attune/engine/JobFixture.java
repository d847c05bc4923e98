package dev.attune.engine;

import dev.attune.dataset.FilePart;
import dev.attune.text.ChatEncoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Small jobs on the tiny random model. */
final class JobFixture {
    static final Path BASE = Path.of("..", "fixtures", "tiny-chat").toAbsolutePath().normalize();
    static final long SEED = Long.getLong("attune.seed", 7);

    private JobFixture() {}

    /** Rows that ask to repeat a word in capitals. */
    static String rows(int count, long seed) {
        var random = new Random(seed);
        var text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            var word = new StringBuilder();
            for (int length = 3 + random.nextInt(6); length > 0; length--) {
                word.append((char) ('a' + random.nextInt(26)));
            }
            text.append("{\"messages\":[{\"role\":\"user\",\"content\":\"Say ").append(word)
                    .append("\"},{\"role\":\"assistant\",\"content\":\"")
                    .append(word.toString().toUpperCase(java.util.Locale.ROOT))
                    .append("\"}]}\n");
        }
        return text.toString();
    }

    static Path write(Path file, String content) {
        try {
            return Files.writeString(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JobSpec spec(boolean validation, int epochs, int batchSize) {
        JobSpec spec = JobSpec.of("ftjob-test", BASE, new Tuning.Lora(LoraConfig.allLinear(4).withEmbedding()),
                new Hyperparameters(epochs, batchSize, 1), SEED);
        return validation ? spec.withData(spec.data().withValidation("")) : spec;
    }

    /** A job of some rows in {@code folder/name}. */
    static JobDirectory job(Path folder, String name, int rows, int epochs, int batchSize, boolean validation) {
        Path training = write(folder.resolve(name + "-training.jsonl"), rows(rows, SEED));
        JobSpec spec = spec(validation, epochs, batchSize);
        return validation
                ? JobDirectory.create(folder.resolve(name), spec, training,
                        write(folder.resolve(name + "-validation.jsonl"), rows(12, SEED + 1)))
                : JobDirectory.create(folder.resolve(name), spec, training);
    }

    static LoraTrainer trainer(JobDirectory job) {
        return trainer(job, () -> LoraTrainer.Wish.GO_ON);
    }

    static LoraTrainer trainer(JobDirectory job, java.util.function.Supplier<LoraTrainer.Wish> wish) {
        return new LoraTrainer(job, wish, Duration.ofSeconds(60), 1);
    }

    static EncodedExamples examples(int rows, Path folder) {
        try (ChatEncoder encoder = ChatEncoder.open(BASE)) {
            Path file = write(folder.resolve("examples.jsonl"), rows(rows, SEED));
            return EncodedExamples.read(file, FilePart.TRAINING, encoder, new LengthLimit(256, OverLength.REFUSE));
        }
    }

    /** Every file below a folder with the SHA-256 of its bytes. */
    static Map<String, String> fingerprint(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            var prints = new TreeMap<String, String>();
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                prints.put(folder.relativize(file).toString(), CheckpointStore.sha256(file));
            }
            return prints;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

}
