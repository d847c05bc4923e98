package dev.attune.engine.train;

import static dev.attune.engine.tensor.Numbers.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.attune.engine.config.LoraConfig;
import dev.attune.engine.data.EncodedExamples;
import dev.attune.engine.data.TrainingExample;
import dev.attune.engine.data.TrainingMethod;
import dev.attune.engine.model.Golden;
import dev.attune.engine.tensor.AdamW;
import dev.attune.engine.tensor.NativeThreads;
import dev.attune.engine.tensor.Numbers;
import dev.attune.engine.tensor.Parameters;
import dev.attune.engine.tensor.Safetensors;
import dev.attune.engine.tensor.Tensors;
import dev.attune.text.MaskedTokens;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Direct preference optimization against the numbers of TRL's loss and PEFT's gradients. */
class DirectPreferenceTest {
    @TempDir
    Path folder;

    @BeforeAll
    static void oneThread() {
        NativeThreads.use(1);
    }

    private static List<long[]> rows(Safetensors file, String name) {
        long[] all = file.longs(name);
        int width = (int) file.shape(name)[1];
        var rows = new ArrayList<long[]>();
        for (int from = 0; from < all.length; from += width) {
            rows.add(LongStream.of(Arrays.copyOfRange(all, from, from + width)).filter(id -> id >= 0).toArray());
        }
        return rows;
    }

    private static MaskedTokens answered(long[] prompt, long[] answer) {
        int[] ids = LongStream.concat(LongStream.of(prompt), LongStream.of(answer)).mapToInt(id -> (int) id).toArray();
        var trained = new boolean[ids.length];
        Arrays.fill(trained, prompt.length, ids.length, true);
        return new MaskedTokens(ids, trained);
    }

    private static EncodedExamples pairs(Safetensors file) {
        List<long[]> prompts = rows(file, "prompts");
        List<long[]> preferred = rows(file, "preferred");
        List<long[]> other = rows(file, "other");
        var pairs = new ArrayList<TrainingExample>();
        for (int i = 0; i < prompts.size(); i++) {
            pairs.add(new TrainingExample.Pair(i + 1, answered(prompts.get(i), preferred.get(i)),
                    answered(prompts.get(i), other.get(i))));
        }
        return EncodedExamples.of(pairs, Optional.empty());
    }

    private static double number(Safetensors file, String name) {
        return file.floats(name)[0];
    }

    /** All pairs in one pass, one pair a pass, and shared by two workers: each time the numbers of the reference. */
    @ParameterizedTest
    @CsvSource({"llama, 1, 4096", "llama, 1, 1", "llama, 2, 4096", "gemma2, 1, 4096"})
    void lossRewardsGradientsAndStepAreThoseOfTheReference(String name, int threads, int tokensPerPass)
            throws Exception {
        try (Golden golden = Golden.open(name);
                Safetensors numbers = Safetensors.openFile(golden.dir().resolve("dpo/golden.safetensors"))) {
            EncodedExamples pairs = pairs(numbers);
            List<TrainingExample> known = withReferences(golden, pairs, numbers);
            var spec = JobSpec
                    .of("dpo", golden.dir(), new Tuning.Lora(LoraConfig.allLinear(4)), new Hyperparameters(1, 3, 1), 1)
                    .from(golden.dir().resolve("dpo/adapter"));
            try (Trainee trainee = Trainee.begin(spec, false);
                    GradientWorkers workers = new GradientWorkers(trainee,
                            new DirectPreference(number(numbers, "beta")), threads, tokensPerPass);
                    AdamW optimizer = new AdamW(trainee.parameters(), AdamW.Settings.DEFAULT)) {
                BatchSum sum = BatchSum.of(workers.gradients(known, known.size(), 1));

                assertThat(sum.meanLoss()).isCloseTo(number(numbers, "loss"), within(1e-5));
                Rewards rewards = sum.pairs().rewards();
                assertThat(rewards.accuracy()).isCloseTo(number(numbers, "accuracy"), within(1e-6));
                assertThat(rewards.margin()).isCloseTo(number(numbers, "margin"), within(1e-5));
                assertThat(rewards.preferred()).isCloseTo(number(numbers, "reward_preferred"), within(1e-5));
                assertThat(rewards.other()).isCloseTo(number(numbers, "reward_other"), within(1e-5));
                for (Parameters.Slot slot : trainee.parameters().slots()) {
                    assertClose("gradient of " + slot.name(),
                            Tensors.floats(trainee.parameters().gradient(slot.name())),
                            numbers.floats("grad.base_model.model." + slot.name()), 1e-4);
                }
                assertThat(trainee.parameters().clipGradients(1)).isCloseTo(number(numbers, "grad_norm"), within(1e-4));
                optimizer.step(1e-3);
                for (Parameters.Slot slot : trainee.parameters().slots()) {
                    assertClose(slot.name() + " after one step",
                            Tensors.floats(trainee.parameters().value(slot.name())),
                            numbers.floats("after1.base_model.model." + slot.name()), 1e-4);
                }
            }
        }
    }

    /** The reference is the model as training begins: the base with the adapter that the job goes on from. */
    private List<TrainingExample> withReferences(Golden golden, EncodedExamples pairs, Safetensors numbers)
            throws Exception {
        JobSpec spec = JobSpec.of("dpo", golden.dir(), new Tuning.Lora(LoraConfig.allLinear(4)),
                new Hyperparameters(1, 3, 1), 1).from(golden.adapter());
        try (Trainee trainee = Trainee.begin(spec, false);
                GradientWorkers workers = new GradientWorkers(trainee, new DirectPreference(0.1), 1, 4096)) {
            Path file = folder.resolve(ReferenceFile.NAME);
            ReferenceFile.write(file, workers, List.of(pairs.examples()));
            List<TrainingExample.Reference> references = ReferenceFile.read(file, pairs.examples().size());
            var known = new ArrayList<TrainingExample>();
            for (int i = 0; i < references.size(); i++) {
                assertThat(references.get(i).preferred()).isCloseTo(numbers.floats("reference_preferred")[i],
                        within(2e-5));
                assertThat(references.get(i).other()).isCloseTo(numbers.floats("reference_other")[i], within(2e-5));
                known.add(((TrainingExample.Pair) pairs.examples().get(i)).with(references.get(i)));
            }
            return known;
        }
    }

    /** Before the first step policy and reference are one: every margin is 0 and the loss is log 2. */
    @Test
    void aJobBeginsAtLogTwoAndLearnsWhatIsPreferred() throws Exception {
        JobDirectory job = JobFixture.preferences(folder, "job", 20, 12, 4);
        JobFixture.trainer(job).run();

        assertThat(job.outcome()).containsInstanceOf(Progress.Succeeded.class);
        List<StepMetrics> steps = job.progress().stream()
                .filter(Progress.Step.class::isInstance).map(line -> ((Progress.Step) line).metrics()).toList();
        assertThat(steps.getFirst().trainLoss()).isCloseTo(Math.log(2), within(1e-5));
        assertThat(steps.getFirst().rewards().margin()).isCloseTo(0, within(1e-5));
        assertThat(steps.getLast().trainLoss()).isLessThan(0.6);
        assertThat(steps.getLast().rewards().margin()).isPositive();
        assertThat(steps.getLast().validRewards().accuracy()).isGreaterThan(0.9);
        List<String> table = Files.readAllLines(job.result().resolve("metrics.csv"));
        assertThat(table.getFirst()).endsWith("valid_reward_accuracy,valid_reward_margin");
        assertThat(table.getLast().split(",")).hasSize(11).doesNotContain("");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4})
    void stoppedAndStartedAgainItEndsWithTheSameBytes(int steps) throws Exception {
        JobDirectory undisturbed = JobFixture.preferences(folder, "undisturbed", 12, 3, 4);
        JobFixture.trainer(undisturbed).run();
        JobDirectory job = JobFixture.preferences(folder, "stopped", 12, 3, 4);
        while (JobFixture.trainer(job, JobFixture.stopAfter(steps)).run() == Trainer.Rest.STOPPED) {
            assertThat(job.outcome()).isEmpty();
        }
        assertThat(job.outcome()).containsInstanceOf(Progress.Succeeded.class);
        assertThat(JobFixture.fingerprint(job.result())).isEqualTo(JobFixture.fingerprint(undisturbed.result()));
    }

    @Test
    void eightPairsInOnePassAreEightPassesOfOne() throws Exception {
        JobDirectory job = JobFixture.preferences(folder, "job", 24, 5, 8);
        EncodedExamples pairs = JobFixture.pairs(job.trainingFile());
        try (JobRun whole = JobRun.begin(job.spec(), new JobExamples(pairs, EncodedExamples.NONE), 1, 4096);
                JobRun single = JobRun.begin(job.spec(), new JobExamples(pairs, EncodedExamples.NONE), 1, 1)) {
            whole.takeReferences(folder.resolve("reference-1.jsonl"));
            single.takeReferences(folder.resolve("reference-2.jsonl"));
            double drift = 0;
            while (!whole.done()) {
                double difference = single.step().sum().meanLoss() - whole.step().sum().meanLoss();
                assertThat(difference).isCloseTo(0, within(2e-5));
                drift += difference / whole.totalSteps();
            }
            assertThat(drift).isCloseTo(0, within(5e-6));
            assertThat(Numbers.relativeError(Tensors.floats(single.trainee().parameters().values()),
                    Tensors.floats(whole.trainee().parameters().values()))).isLessThan(2e-3);
        }
    }

    @Test
    void referencesThatAreGoneCannotBeMadeAgainLater() throws Exception {
        JobDirectory job = JobFixture.preferences(folder, "job", 12, 3, 4);
        JobFixture.trainer(job, JobFixture.stopAfter(2)).run();
        Files.delete(job.path().resolve(ReferenceFile.NAME));
        JobFixture.trainer(job).run();
        assertThat(job.outcome()).get().isInstanceOfSatisfying(Progress.Failed.class, failed -> {
            assertThat(failed.code()).isEqualTo("file_changed");
            assertThat(failed.message()).contains(ReferenceFile.NAME);
        });
    }

    @Test
    void conversationsAreNoPairs() throws Exception {
        Path file = JobFixture.write(folder.resolve("training.jsonl"), JobFixture.rows(12, 1));
        JobDirectory job = JobDirectory.create(folder.resolve("job"),
                JobFixture.spec(false, 1, 4).withMethod(new TrainingMethod.Dpo(0.1)), file);
        JobFixture.trainer(job).run();
        assertThat(job.outcome()).get().isInstanceOfSatisfying(Progress.Failed.class, failed -> {
            assertThat(failed.code()).isEqualTo("invalid_training_file");
            assertThat(failed.message()).contains("preference");
        });
    }
}
