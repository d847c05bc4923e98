package dev.attune.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.engine.config.LoraConfig;
import dev.attune.engine.config.ModelConfig;
import dev.attune.engine.data.TrainingMethod;
import dev.attune.engine.model.ModelRef;
import dev.attune.engine.sample.ModelHost;
import dev.attune.engine.sample.SamplingOptions;
import dev.attune.engine.sample.TextListener;
import dev.attune.text.ChatEncoder;
import dev.attune.text.Conversation;
import dev.attune.text.Message;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Preferences taught to the bundled model: it must hold them on questions it has not seen, and speak by them. */
class PreferenceLearningTest {
    private static final long SEED = Long.getLong("attune.seed", 17);
    private static final Path NANO = Path.of("..", "models", "attune-nano").toAbsolutePath().normalize();
    private static final List<String> NAMES = List.of("Anna", "Omar", "Lena", "Ravi", "Mia", "Jonas", "Ines", "Paul");
    private static final List<String> THINGS = List.of("lamp", "chair", "kettle", "radio", "jacket", "clock", "table",
            "phone");
    private static final List<String> STATES = List.of("broken", "late", "missing", "too small", "dirty", "wrong");

    @TempDir
    Path folder;

    private static String pick(List<String> words, Random random) {
        return words.get(random.nextInt(words.size()));
    }

    /** Questions of which a curt answer is worse than one that names what was asked about. */
    private static String pairs(int count, long seed) {
        var random = new Random(seed);
        return IntStream.range(0, count).mapToObj(i -> {
            String thing = pick(THINGS, random);
            return "{\"input\":{\"messages\":[{\"role\":\"user\",\"content\":\"My %s is %s. %s\"}]},".formatted(thing,
                    pick(STATES, random), pick(NAMES, random))
                    + "\"preferred_output\":[{\"role\":\"assistant\",\"content\":\"We will look at the %s.\"}],"
                            .formatted(thing)
                    + "\"non_preferred_output\":[{\"role\":\"assistant\",\"content\":\"No.\"}]}\n";
        }).reduce("", String::concat);
    }

    @Test
    void theModelPrefersWhatItWasTaughtOnQuestionsItHasNotSeen() throws Exception {
        System.out.println("seed " + SEED);
        LoraConfig lora = AutoHyperparameters.adapter(ModelConfig.read(NANO));
        JobSpec spec = JobSpec.of("dpo", NANO, new Tuning.Lora(lora), new Hyperparameters(3, 8, 3), SEED)
                .withMethod(new TrainingMethod.Dpo(TrainingMethod.Dpo.AUTO_BETA));
        JobDirectory job = JobDirectory.create(folder.resolve("job"),
                spec.withData(spec.data().withValidation("")),
                JobFixture.write(folder.resolve("training.jsonl"), pairs(120, SEED)),
                JobFixture.write(folder.resolve("validation.jsonl"), pairs(40, SEED + 1)));

        new Trainer(job, () -> Trainer.Wish.GO_ON, Duration.ofMinutes(5), 2).run();

        StepMetrics last = job.checkpoints().getLast().metrics();
        assertThat(last.rewards().accuracy()).isGreaterThan(0.9);
        assertThat(last.validRewards().accuracy()).isGreaterThan(0.9);
        assertThat(last.validRewards().margin()).isPositive();
        try (ModelHost host = new ModelHost(); ChatEncoder encoder = ChatEncoder.open(NANO)) {
            int[] prompt = encoder.prompt(new Conversation(List.of(new Message.User("My radio is wrong. Mia"))));
            ModelRef tuned = ModelRef.tuned(NANO, job.result().resolve("adapter"));
            assertThat(host.generate(tuned, prompt, SamplingOptions.greedy(40), TextListener.NONE).text())
                    .isEqualTo("We will look at the radio.").isNotEqualTo(
                            host.generate(ModelRef.base(NANO), prompt, SamplingOptions.greedy(40), TextListener.NONE)
                                    .text());
        }
    }
}
