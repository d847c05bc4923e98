package dev.attune.engine.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.attune.engine.config.LoraConfig;
import dev.attune.engine.model.CausalLm;
import dev.attune.engine.model.FullGradientTest;
import dev.attune.engine.model.LoraAdapter;
import dev.attune.engine.model.PackedBatch;
import dev.attune.engine.train.LearningRateSchedule;
import dev.attune.text.MaskedTokens;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OptimizerTest {
    private static final long SEED = Long.getLong("attune.seed", 3);

    private static List<Parameters.Slot> matrices(CausalLm model) {
        return model.weights().slots().stream().filter(slot -> slot.name().endsWith("_proj.weight")).toList();
    }

    @Test
    void muonsDirectionIsNearlyOrthogonal() {
        System.out.println("seed " + SEED);
        var random = new SplittableRandom(SEED);
        for (long[] shape : new long[][]{{24, 24}, {40, 16}, {16, 40}}) {
            try (var scope = new PointerScope()) {
                var numbers = new float[(int) (shape[0] * shape[1])];
                for (int i = 0; i < numbers.length; i++) {
                    numbers[i] = (float) random.nextGaussian();
                }
                Tensor direction = Tensors.float32(Muon.orthogonal(Tensors.of(numbers, shape)));
                boolean tall = shape[0] > shape[1];
                Tensor square = tall ? torch.mm(direction.t(), direction) : torch.mm(direction, direction.t());
                assertThat(direction.size(0)).isEqualTo(shape[0]);
                for (int i = 0; i < square.size(0); i++) {
                    assertThat(Tensors.floats(square)[i * (int) square.size(0) + i]).isBetween(0.3f, 1.6f);
                }
            }
        }
    }

    @Test
    void trainingFromNothingLearnsASmallSetByHeart() {
        List<MaskedTokens> examples = FullGradientTest.examples(new SplittableRandom(SEED), 6);
        PackedBatch batch = PackedBatch.pack(examples, 32);
        try (CausalLm model = CausalLm.create(FullGradientTest.config(true), SEED, true);
                Muon muon = new Muon(model.weights(), matrices(model), 0);
                AdamW adamw = new AdamW(model.weights(), matrices(model).getLast().end(), model.weights().size(),
                        AdamW.Settings.DEFAULT)) {
            double first = model.evaluate(batch).meanLoss();
            for (int step = 0; step < 60; step++) {
                model.weights().zeroGradients();
                model.accumulateGradients(batch, 1.0 / batch.trainedTokens());
                muon.step(0.02);
                adamw.step(0.01);
                model.weightsChanged();
            }
            assertThat(first).isGreaterThan(3);
            assertThat(model.evaluate(batch).meanLoss()).isLessThan(0.3);
        }
    }

    @Test
    void twoReplicasFormTheGradientOfOne() {
        List<MaskedTokens> examples = FullGradientTest.examples(new SplittableRandom(SEED), 8);
        try (CausalLm model = CausalLm.create(FullGradientTest.config(false), SEED, false)) {
            FullGradientTest.shake(model.weights());
            model.accumulateGradients(PackedBatch.pack(examples, 32), 0.5);
            float[] expected = Tensors.floats(model.weights().gradients());
            model.weights().zeroGradients();
            try (CausalLm other = model.replica()) {
                model.accumulateGradients(PackedBatch.pack(examples.subList(0, 3), 32), 0.5);
                other.accumulateGradients(PackedBatch.pack(examples.subList(3, 8), 32), 0.5);
                model.weights().addGradients(other.weights());
            }
            Numbers.assertClose("gradients", Tensors.floats(model.weights().gradients()), expected, 1e-4);
        }
    }

    @Test
    void optimizerStateSurvivesACheckpoint(@TempDir Path dir) {
        PackedBatch batch = PackedBatch.pack(FullGradientTest.examples(new SplittableRandom(SEED), 6), 32);
        var loraShape = LoraConfig.allLinear(2);
        try (CausalLm model = CausalLm.create(FullGradientTest.config(true), SEED, false);
                LoraAdapter adapter = LoraAdapter.create(loraShape, model.config(), SEED);
                AdamW optimizer = new AdamW(adapter.parameters(), AdamW.Settings.DEFAULT)) {
            FullGradientTest.shake(model.weights());
            for (int i = 0; i < 3; i++) {
                step(model, adapter, optimizer, batch);
            }
            adapter.save(dir, "base");
            var writer = new SafetensorsWriter();
            optimizer.save("adamw", writer);
            writer.write(dir.resolve("optimizer.safetensors"));
            step(model, adapter, optimizer, batch);
            try (LoraAdapter again = LoraAdapter.load(dir, model.config(), true);
                    AdamW resumed = new AdamW(again.parameters(), AdamW.Settings.DEFAULT);
                    Safetensors saved = Safetensors.openFile(dir.resolve("optimizer.safetensors"))) {
                resumed.load("adamw", saved, 3);
                step(model, again, resumed, batch);
                assertThat(Tensors.floats(again.parameters().values()))
                        .containsExactly(Tensors.floats(adapter.parameters().values()));
            }
        }
    }

    private static void step(CausalLm model, LoraAdapter adapter, AdamW optimizer, PackedBatch batch) {
        adapter.parameters().zeroGradients();
        model.accumulateGradients(batch, adapter, 1.0 / batch.trainedTokens());
        optimizer.step(1e-2);
    }

    @Test
    void schedulesRiseStayAndFall() {
        assertThat(new LearningRateSchedule.Cosine(0.1, 0).at(0.05)).isEqualTo(0.5);
        assertThat(new LearningRateSchedule.Cosine(0.1, 0).at(0.55)).isCloseTo(0.5, within(1e-12));
        assertThat(new LearningRateSchedule.Cosine(0.1, 0.1).at(1)).isCloseTo(0.1, within(1e-12));
        assertThat(new LearningRateSchedule.Linear(0).at(0.25)).isEqualTo(0.75);
        assertThat(new LearningRateSchedule.Constant(0.5).at(0.75)).isEqualTo(1);
        assertThat(new LearningRateSchedule.Trapezoid(0.1, 0.4).at(0.5)).isEqualTo(1);
        assertThat(new LearningRateSchedule.Trapezoid(0.1, 0.4).at(0.8)).isCloseTo(0.5, within(1e-12));
    }
}
