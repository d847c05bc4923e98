package dev.attune.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.attune.engine.config.BaseModel;
import dev.attune.engine.data.EncodedExamples;
import dev.attune.engine.data.TrainingExample;
import dev.attune.engine.model.CausalLm;
import dev.attune.engine.model.LossSum;
import dev.attune.engine.model.PackedBatch;
import dev.attune.engine.tensor.NativeThreads;
import dev.attune.engine.tensor.Numbers;
import dev.attune.engine.tensor.Parameters;
import dev.attune.engine.tensor.Tensors;
import dev.attune.text.MaskedTokens;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobRunTest {
    private static EncodedExamples examples;

    @TempDir
    static Path folder;

    @BeforeAll
    static void encode() {
        NativeThreads.use(1);
        examples = JobFixture.examples(24, folder);
    }

    private static JobExamples both() {
        return new JobExamples(examples, examples);
    }

    private static JobRun run(int epochs, int batchSize, int tokensPerPass) {
        return JobRun.begin(JobFixture.spec(false, epochs, batchSize), both(), 1, tokensPerPass);
    }

    private static float[] weights(JobRun run) {
        return Tensors.floats(run.trainee().parameters().values());
    }

    /** Batches of eight in one pass, and the same batches an example at a time, take the same way. */
    @Test
    void gradientsAddedExampleByExampleAreThoseOfTheWholeBatch() {
        try (JobRun whole = run(4, 8, 4096); JobRun single = run(4, 8, 1)) {
            double residual = 0;
            while (!whole.done()) {
                BatchSum a = whole.step().sum();
                BatchSum b = single.step().sum();
                assertThat(b.tokens().tokens()).isEqualTo(a.tokens().tokens());
                assertThat(b.meanLoss()).isCloseTo(a.meanLoss(), within(1e-5));
                residual += b.meanLoss() - a.meanLoss();
            }
            assertThat(residual / whole.totalSteps()).isCloseTo(0, within(1e-6));
            assertThat(Numbers.relativeError(weights(single), weights(whole))).isLessThan(2e-3);
            assertThat(whole.totalSteps()).isEqualTo(12);
        }
    }

    /** Two workers with a share each form the gradient of one; their number decides the bits, chance does not. */
    @Test
    void aGradientFormedInSharesIsThatOfTheWholeBatchAndTheSameEachTime() {
        JobSpec spec = JobFixture.spec(false, 3, 7);
        try (JobRun alone = JobRun.begin(spec, both(), 1);
                JobRun shared = JobRun.begin(spec, both(), 2);
                JobRun again = JobRun.begin(spec, both(), 2)) {
            while (!alone.done()) {
                BatchSum expected = alone.step().sum();
                BatchSum sum = shared.step().sum();
                assertThat(sum.tokens().tokens()).isEqualTo(expected.tokens().tokens());
                assertThat(sum.meanLoss()).isCloseTo(expected.meanLoss(), within(1e-5));
                assertThat(again.step().sum()).isEqualTo(sum);
            }
            assertThat(weights(again)).isEqualTo(weights(shared));
            assertThat(Numbers.relativeError(weights(shared), weights(alone))).isLessThan(2e-3);
            assertThat(shared.validateAll().tokens().loss()).isCloseTo(alone.validateAll().tokens().loss(),
                    within(1e-2));
        }
    }

    /** The loss of packed examples is the loss of each on its own: neighbours do not see each other. */
    @Test
    void packedExamplesHaveTheLossTheyHaveAlone() {
        try (CausalLm model = CausalLm.load(JobFixture.BASE)) {
            List<TrainingExample> some = examples.examples().subList(0, 8);
            LossSum packed = BatchRows.passes(some, 4096).stream().map(pass -> model.evaluate(pass.batch()))
                    .reduce(LossSum.ZERO, LossSum::plus);
            LossSum alone = some.stream().map(example -> model.evaluate(PackedBatch.pack(example.sequences(), 1)))
                    .reduce(LossSum.ZERO, LossSum::plus);

            assertThat(BatchRows.passes(some, 4096)).singleElement()
                    .satisfies(pass -> assertThat(pass.batch().rows()).isLessThan(8));
            assertThat(packed.tokens()).isEqualTo(alone.tokens());
            assertThat(packed.correct()).isEqualTo(alone.correct());
            assertThat(packed.loss()).isCloseTo(alone.loss(), within(1e-4 * alone.loss()));
        }
    }

    /** What is counted and trained is the answer with its stop token, and nothing else. */
    @Test
    void onlyAssistantTokensAreTrainedAndTheStopTokenIsOne() {
        for (MaskedTokens example : examples.examples().stream().flatMap(one -> one.sequences().stream()).toList()) {
            int last = example.length() - 1;
            while (!example.trained()[last]) {
                last--;
            }
            assertThat(example.ids()[last]).isEqualTo(2);
            assertThat(example.trainedCount()).isLessThan(example.length() / 2);
        }
    }

    @Test
    void trainingChangesEveryTensorOfTheAdapterAndNothingOfTheBase() {
        String before = BaseModel.hash(JobFixture.BASE);
        try (JobRun run = run(2, 4, 4096); JobRun fresh = run(2, 4, 4096)) {
            while (!run.done()) {
                run.step();
            }
            for (Parameters.Slot slot : run.trainee().parameters().slots()) {
                assertThat(Tensors.floats(run.trainee().parameters().value(slot.name()))).as(slot.name())
                        .isNotEqualTo(Tensors.floats(fresh.trainee().parameters().value(slot.name())));
            }
            assertThat(run.trainee().parameters().slots()).as("A and B of 7 layers in 2 blocks, and the embedding")
                    .hasSize(2 * 7 * 2 + 1);
        }
        assertThat(BaseModel.hash(JobFixture.BASE)).isEqualTo(before);
    }

    @Test
    void theLossFallsWithTraining() {
        try (JobRun run = run(30, 8, 4096)) {
            double first = run.validateAll().meanLoss();
            while (!run.done()) {
                run.step();
            }
            assertThat(run.validateAll().meanLoss()).isLessThan(0.9 * first);
        }
    }

    @Test
    void theSameSeedGivesTheSameBits() {
        try (JobRun a = run(2, 4, 4096); JobRun b = run(2, 4, 4096)) {
            while (!a.done()) {
                a.step();
                b.step();
            }
            assertThat(weights(a)).isEqualTo(weights(b));
        }
    }

    @Test
    void everyExampleIsTrainedOncePerEpochTheLastBatchBeingSmaller() {
        try (JobRun run = run(3, 7, 4096)) {
            var tokens = new TreeMap<Integer, Integer>();
            while (!run.done()) {
                tokens.merge(run.state().epoch(), run.step().tokens(), Integer::sum);
            }
            assertThat(tokens.values()).hasSize(3).allMatch(sum -> sum == examples.tokens());
            assertThat(run.totalSteps()).isEqualTo(12);
            assertThat(run.state().epochsDone()).isEqualTo(3);
        }
    }
}
