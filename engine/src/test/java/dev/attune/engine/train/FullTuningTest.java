package dev.attune.engine.train;

import static dev.attune.engine.tensor.Numbers.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attune.engine.EngineException;
import dev.attune.engine.config.BaseModel;
import dev.attune.engine.model.CausalLm;
import dev.attune.engine.model.Golden;
import dev.attune.engine.model.LossSum;
import dev.attune.engine.model.PackedBatch;
import dev.attune.engine.sample.ModelHost;
import dev.attune.engine.sample.SamplingOptions;
import dev.attune.engine.sample.TextListener;
import dev.attune.engine.tensor.AdamW;
import dev.attune.engine.tensor.NativeThreads;
import dev.attune.engine.tensor.Parameters;
import dev.attune.engine.tensor.Safetensors;
import dev.attune.engine.tensor.SafetensorsWriter;
import dev.attune.engine.tensor.Tensors;
import dev.attune.text.ChatEncoder;
import dev.attune.text.Conversation;
import dev.attune.text.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All weights trained: against torch, against itself after interruptions, and as a model that others can load. */
class FullTuningTest {
    @TempDir
    Path folder;

    @BeforeAll
    static void oneThread() {
        NativeThreads.use(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama3rope_tied", "gemma2", "gpt2", "phi3_longrope"})
    void aStepIsThatOfTorch(String name) {
        try (Golden golden = Golden.open(name);
                Safetensors numbers = Safetensors.openFile(golden.dir().resolve("full.safetensors"));
                CausalLm model = CausalLm.load(golden.dir(), true);
                AdamW optimizer = new AdamW(model.weights(), AdamW.Settings.DEFAULT)) {
            PackedBatch batch = PackedBatch.pack(golden.examples(), 0);
            LossSum loss = model.accumulateGradients(batch, 1.0 / batch.trainedTokens());
            assertThat(loss.meanLoss()).isCloseTo(numbers.floats("loss")[0], within(1e-5));
            for (Parameters.Slot slot : model.weights().slots()) {
                assertClose("gradient of " + slot.name(), Tensors.floats(model.weights().gradient(slot.name())),
                        numbers.floats("grad." + slot.name()), 1e-4);
            }
            assertThat(model.weights().clipGradients(1)).isCloseTo(numbers.floats("grad_norm")[0], within(1e-4));
            optimizer.step(1e-3);
            for (Parameters.Slot slot : model.weights().slots()) {
                float[] expected = numbers.floats("after1." + slot.name());
                float[] actual = Tensors.floats(model.weights().value(slot.name()));
                takeOverWhatIsOnlyRounding(actual, expected, numbers.floats("grad." + slot.name()));
                assertClose(slot.name() + " after one step", actual, expected, 1e-4);
            }
        }
    }

    /** A key's bias changes nothing, so its gradient is rounding alone, of which Adam's first step takes the sign. */
    private static void takeOverWhatIsOnlyRounding(float[] actual, float[] expected, float[] gradient) {
        for (int i = 0; i < actual.length; i++) {
            if (Math.abs(gradient[i]) < 1e-7) {
                actual[i] = expected[i];
            }
        }
    }

    private JobDirectory job(String name, Path base, int rows, int epochs, int batchSize) {
        JobSpec spec = JobSpec.of("ftjob-full", base, new Tuning.Full(), new Hyperparameters(epochs, batchSize, 20),
                JobFixture.SEED);
        return JobDirectory.create(folder.resolve(name), spec.withData(spec.data().withValidation("")),
                JobFixture.write(folder.resolve(name + "-training.jsonl"), JobFixture.rows(rows, JobFixture.SEED)),
                JobFixture.write(folder.resolve(name + "-validation.jsonl"), JobFixture.rows(12, JobFixture.SEED + 1)));
    }

    @Test
    void theResultIsAModelThatSpeaks() throws Exception {
        JobDirectory job = job("job", JobFixture.BASE, 24, 10, 4);
        JobFixture.trainer(job).run();

        assertThat(job.outcome()).containsInstanceOf(Progress.Succeeded.class);
        List<StepMetrics> steps = job.progress().stream().filter(Progress.Step.class::isInstance)
                .map(line -> ((Progress.Step) line).metrics()).toList();
        assertThat(steps.getLast().fullValidLoss()).isLessThan(0.8 * steps.getFirst().trainLoss());
        Path model = job.tuned().base();
        assertThat(model).isEqualTo(job.result().resolve("model"));
        assertThat(job.tuned().adapter()).isEmpty();
        try (Stream<Path> files = Files.list(JobFixture.BASE)) {
            for (Path file : files.filter(file -> !file.toString().endsWith(".safetensors")
                    && !file.toString().endsWith("README.md")).toList()) {
                assertThat(model.resolve(file.getFileName())).hasSameBinaryContentAs(file);
            }
        }
        try (Safetensors written = Safetensors.openModel(model);
                Safetensors base = Safetensors.openModel(JobFixture.BASE)) {
            assertThat(written.names()).isEqualTo(base.names());
        }
        assertThat(BaseModel.hash(model)).isNotEqualTo(BaseModel.hash(JobFixture.BASE));
        try (ModelHost host = new ModelHost(); ChatEncoder encoder = ChatEncoder.open(model)) {
            int[] prompt = encoder.prompt(new Conversation(List.of(new Message.User("Say abc"))));
            assertThat(host.generate(job.tuned(), prompt, SamplingOptions.greedy(30), TextListener.NONE)
                    .completionTokens()).isPositive();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void stoppedAndStartedAgainItEndsWithTheSameBytes(int steps) throws Exception {
        JobDirectory undisturbed = job("undisturbed", JobFixture.BASE, 12, 3, 4);
        JobFixture.trainer(undisturbed).run();
        JobDirectory job = job("stopped", JobFixture.BASE, 12, 3, 4);
        while (JobFixture.trainer(job, JobFixture.stopAfter(steps)).run() == Trainer.Rest.STOPPED) {
            assertThat(job.outcome()).isEmpty();
        }
        assertThat(job.outcome()).containsInstanceOf(Progress.Succeeded.class);
        assertThat(JobFixture.fingerprint(job.result())).isEqualTo(JobFixture.fingerprint(undisturbed.result()));
        Path checkpoint = job.checkpoints().getLast().model();
        try (Safetensors saved = Safetensors.openModel(checkpoint)) {
            assertThat(saved.names()).allMatch(name -> saved.dataType(name).equals("F32"));
        }
    }

    /** The same model with its weights as half floats. */
    private Path halved(SafetensorsWriter.DataType type) throws IOException {
        Path base = Files.createDirectories(folder.resolve("base"));
        try (Safetensors files = Safetensors.openModel(JobFixture.BASE);
                CausalLm model = CausalLm.load(JobFixture.BASE, false);
                Stream<Path> texts = Files.list(JobFixture.BASE)) {
            for (Path file : texts.filter(file -> !file.toString().endsWith(".safetensors")).toList()) {
                Files.copy(file, base.resolve(file.getFileName()));
            }
            var writer = new SafetensorsWriter();
            for (Parameters.Slot slot : model.weights().slots()) {
                writer.add(slot.name(), type, slot.shape(), model.weights().memory(slot));
            }
            writer.write(base.resolve("model.safetensors"));
        }
        return base;
    }

    @ParameterizedTest
    @ValueSource(strings = {"BF16", "F16"})
    void theResultHasTheTypeOfTheBase(String type) throws Exception {
        JobDirectory job = job("job", halved(SafetensorsWriter.DataType.valueOf(type)), 12, 1, 4);
        JobFixture.trainer(job).run();
        assertThat(job.outcome()).containsInstanceOf(Progress.Succeeded.class);
        try (Safetensors written = Safetensors.openModel(job.tuned().base());
                Safetensors checkpoint = Safetensors.openModel(job.checkpoints().getLast().model())) {
            for (String name : written.names()) {
                assertThat(written.dataType(name)).isEqualTo(type);
                assertClose(name, written.floats(name), checkpoint.floats(name), type.equals("F16") ? 6e-4 : 5e-3);
            }
        }
    }

    @Test
    void weightsOfMoreThanALanguageModelAreNotLostSilently() throws Exception {
        Path base = halved(SafetensorsWriter.DataType.F32);
        try (CausalLm model = CausalLm.load(JobFixture.BASE, false)) {
            var writer = new SafetensorsWriter();
            for (Parameters.Slot slot : model.weights().slots()) {
                writer.add(slot.name(), SafetensorsWriter.DataType.F32, slot.shape(), model.weights().memory(slot));
            }
            Parameters.Slot any = model.weights().slots().getFirst();
            writer.add("vision_tower.patch.weight", SafetensorsWriter.DataType.F32, any.shape(),
                    model.weights().memory(any));
            writer.write(base.resolve("model.safetensors"));
        }
        JobDirectory job = job("job", base, 12, 1, 4);
        JobFixture.trainer(job).run();
        assertThat(job.outcome()).get().isInstanceOfSatisfying(Progress.Failed.class,
                failed -> assertThat(failed.message()).contains("vision_tower.patch.weight").contains("adapter"));
    }

    @Test
    void allWeightsCannotGoOnFromAnAdapter() {
        JobSpec spec = JobSpec.of("j", JobFixture.BASE, new Tuning.Full(), new Hyperparameters(1, 4, 1), 1);
        assertThatThrownBy(() -> spec.from(folder)).isInstanceOf(EngineException.class).hasMessageContaining("adapter");
    }
}
