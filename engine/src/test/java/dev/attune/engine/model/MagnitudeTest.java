package dev.attune.engine.model;

import static dev.attune.engine.tensor.Numbers.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attune.engine.EngineException;
import dev.attune.engine.config.LoraConfig;
import dev.attune.engine.data.EncodedExamples;
import dev.attune.engine.tensor.NativeThreads;
import dev.attune.engine.tensor.Parameters;
import dev.attune.engine.tensor.Tensors;
import dev.attune.engine.train.Hyperparameters;
import dev.attune.engine.train.JobDirectory;
import dev.attune.engine.train.JobExamples;
import dev.attune.engine.train.JobFixture;
import dev.attune.engine.train.JobRun;
import dev.attune.engine.train.JobSpec;
import dev.attune.engine.train.Progress;
import dev.attune.engine.train.Trainer;
import dev.attune.engine.train.Tuning;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What DoRA has beside the numbers of PEFT, which the golden tests compare. */
class MagnitudeTest {
    private static final LoraConfig DORA = LoraConfig.allLinear(4).withMagnitudes();

    @TempDir
    Path folder;

    @BeforeAll
    static void oneThread() {
        NativeThreads.use(1);
    }

    private JobDirectory job(String name, LoraConfig lora) {
        JobSpec spec = JobSpec.of("ftjob-dora", JobFixture.BASE, new Tuning.Lora(lora), new Hyperparameters(3, 4, 1),
                JobFixture.SEED);
        return JobDirectory.create(folder.resolve(name), spec,
                JobFixture.write(folder.resolve(name + ".jsonl"), JobFixture.rows(12, JobFixture.SEED)));
    }

    @Test
    void aNewAdapterChangesNothingYet() {
        PackedBatch batch = PackedBatch.pack(FullGradientTest.examples(new SplittableRandom(1), 4), 24);
        try (CausalLm model = CausalLm.create(FullGradientTest.config(true), 3, false)) {
            FullGradientTest.shake(model.weights());
            try (LoraAdapter adapter = LoraAdapter.create(DORA, model, 1)) {
                assertClose("logits", model.logits(batch, Optional.of(adapter)), model.logits(batch, Optional.empty()),
                        1e-6);
            }
        }
    }

    @Test
    void everyMagnitudeIsTrainedAndStoppingChangesNoByte() throws Exception {
        JobDirectory undisturbed = job("undisturbed", DORA);
        JobFixture.trainer(undisturbed).run();
        JobDirectory stopped = job("stopped", DORA);
        while (JobFixture.trainer(stopped, JobFixture.stopAfter(4)).run() == Trainer.Rest.STOPPED) {
            assertThat(stopped.outcome()).isEmpty();
        }
        assertThat(undisturbed.outcome()).containsInstanceOf(Progress.Succeeded.class);
        assertThat(JobFixture.fingerprint(stopped.result())).isEqualTo(JobFixture.fingerprint(undisturbed.result()));
        try (CausalLm model = CausalLm.load(JobFixture.BASE);
                LoraAdapter fresh = LoraAdapter.create(DORA, model, JobFixture.SEED);
                LoraAdapter tuned = LoraAdapter.load(undisturbed.result().resolve("adapter"), model.config(), false)) {
            assertThat(tuned.config().magnitudes()).isTrue();
            for (Parameters.Slot slot : tuned.parameters().slots()) {
                assertThat(Tensors.floats(tuned.parameters().value(slot.name()))).as(slot.name())
                        .isNotEqualTo(Tensors.floats(fresh.parameters().value(slot.name())));
            }
        }
    }

    @Test
    void twoWorkersFormTheGradientOfOne() {
        JobDirectory job = job("job", DORA);
        EncodedExamples rows = JobFixture.examples(12, folder);
        try (JobRun alone = JobRun.begin(job.spec(), new JobExamples(rows, EncodedExamples.NONE), 1);
                JobRun shared = JobRun.begin(job.spec(), new JobExamples(rows, EncodedExamples.NONE), 2)) {
            while (!alone.done()) {
                assertThat(shared.step().sum().meanLoss()).isCloseTo(alone.step().sum().meanLoss(), within(1e-5));
            }
        }
    }

    /** Merging in memory, and tensor by tensor from the disk, make the same weights. */
    @ParameterizedTest
    @ValueSource(strings = {"qwen2_dora", "gpt2_dora"})
    void bothWaysOfMergingAgree(String name) {
        try (Golden golden = Golden.open(name);
                CausalLm model = CausalLm.load(golden.dir(), false);
                LoraAdapter adapter = LoraAdapter.load(golden.adapter(), model.config(), false);
                MergedWeights merged = MergedWeights.open(golden.dir(), Optional.of(golden.adapter()));
                Arena arena = Arena.ofConfined()) {
            model.merge(adapter);
            for (Parameters.Slot slot : merged.tensors()) {
                MemorySegment memory = arena.allocate(4 * slot.size(), 16);
                merged.read(slot.name(), memory);
                assertThat(memory.toArray(ValueLayout.JAVA_FLOAT)).as(slot.name())
                        .isEqualTo(Tensors.floats(model.weights().value(slot.name())));
            }
        }
    }

    @Test
    void dropoutIsRefusedWhereItWouldBeTrained() {
        assertThatThrownBy(() -> new Tuning.Lora(DORA.withDropout(0.1))).isInstanceOf(EngineException.class)
                .hasMessageContaining("without dropout");
    }
}
