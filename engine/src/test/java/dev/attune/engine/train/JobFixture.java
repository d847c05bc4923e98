package dev.attune.engine.train;

import dev.attune.dataset.FilePart;
import dev.attune.engine.config.LoraConfig;
import dev.attune.engine.data.EncodedExamples;
import dev.attune.engine.data.ExampleFile;
import dev.attune.engine.data.LengthLimit;
import dev.attune.engine.data.OverLength;
import dev.attune.engine.data.TrainingMethod;
import dev.attune.text.ChatEncoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Small jobs on the tiny random model. */
public final class JobFixture {
    public static final Path BASE = Path.of("..", "fixtures", "tiny-chat").toAbsolutePath().normalize();
    public static final long SEED = Long.getLong("attune.seed", 7);

    private JobFixture() {}

    /** Rows that ask to repeat a word in capitals. */
    public static String rows(int count, long seed) {
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

    /** Pairs that prefer the word in capitals to a refusal. */
    static String preferenceRows(int count, long seed) {
        var text = new StringBuilder();
        for (String row : rows(count, seed).lines().toList()) {
            int at = row.indexOf(",{\"role\":\"assistant\"");
            String asked = row.substring(row.indexOf('['), at) + "]";
            String preferred = row.substring(at + 1, row.lastIndexOf(']'));
            String other = preferred.replaceFirst("content\":\".*\"", "content\":\"I will not.\"");
            text.append("{\"input\":{\"messages\":").append(asked).append("},\"preferred_output\":[").append(preferred)
                    .append("],\"non_preferred_output\":[").append(other).append("]}\n");
        }
        return text.toString();
    }

    /** A job of pairs in {@code folder/name}, with validation. */
    static JobDirectory preferences(Path folder, String name, int rows, int epochs, int batchSize) {
        JobSpec spec = spec(true, epochs, batchSize).withMethod(new TrainingMethod.Dpo(0.1));
        return JobDirectory.create(folder.resolve(name), spec,
                write(folder.resolve(name + "-training.jsonl"), preferenceRows(rows, SEED)),
                write(folder.resolve(name + "-validation.jsonl"), preferenceRows(12, SEED + 1)));
    }

    static EncodedExamples pairs(Path file) {
        return read(file, new TrainingMethod.Dpo(0.1));
    }

    private static EncodedExamples read(Path file, TrainingMethod method) {
        try (ChatEncoder encoder = ChatEncoder.open(BASE)) {
            return ExampleFile.read(file, FilePart.TRAINING, "training", method, encoder,
                    new LengthLimit(256, OverLength.REFUSE), file.resolveSibling(file.getFileName() + ".tokens"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Supplier<Trainer.Wish> stopAfter(int steps) {
        var asked = new AtomicInteger();
        return () -> asked.getAndIncrement() < steps ? Trainer.Wish.GO_ON : Trainer.Wish.STOP;
    }

    public static Path write(Path file, String content) {
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
    public static JobDirectory job(Path folder, String name, int rows, int epochs, int batchSize, boolean validation) {
        Path training = write(folder.resolve(name + "-training.jsonl"), rows(rows, SEED));
        JobSpec spec = spec(validation, epochs, batchSize);
        return validation
                ? JobDirectory.create(folder.resolve(name), spec, training,
                        write(folder.resolve(name + "-validation.jsonl"), rows(12, SEED + 1)))
                : JobDirectory.create(folder.resolve(name), spec, training);
    }

    public static Trainer trainer(JobDirectory job) {
        return trainer(job, () -> Trainer.Wish.GO_ON);
    }

    public static Trainer trainer(JobDirectory job, Supplier<Trainer.Wish> wish) {
        return new Trainer(job, wish, Duration.ofSeconds(60), 1);
    }

    public static EncodedExamples examples(int rows, Path folder) {
        return read(write(folder.resolve("examples.jsonl"), rows(rows, SEED)), TrainingMethod.SUPERVISED);
    }

    /** Every file below a folder with the SHA-256 of its bytes. */
    public static Map<String, String> fingerprint(Path folder) {
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
