package dev.attune.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.engine.model.CausalLm;
import dev.attune.engine.model.FullGradientTest;
import dev.attune.engine.model.Golden;
import dev.attune.engine.model.LoraAdapter;
import dev.attune.engine.model.LossSum;
import dev.attune.engine.model.PackedBatch;
import dev.attune.engine.tensor.AdamW;
import dev.attune.engine.tensor.NativeThreads;
import dev.attune.engine.tensor.Numbers;
import dev.attune.engine.tensor.Tensors;
import dev.attune.text.MaskedTokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fifty real steps take the same way however the batch is laid out: only the order of sums may differ. */
class TrainingInvariantsTest {
    private static final long SEED = Long.getLong("attune.seed", 29);
    private static final int STEPS = 50;
    private static final int BATCH = 8;

    @BeforeAll
    static void oneThread() {
        System.out.println("seed " + SEED);
        NativeThreads.use(1);
    }

    /** How a batch goes through the model. */
    private interface Layout {
        List<PackedBatch> passes(List<MaskedTokens> batch);
    }

    /** Loss of every step, and the factors at the end. */
    private record Way(double[] losses, float[] factors) {}

    private static final Layout PACKED = batch -> List.of(PackedBatch.pack(batch, 40));
    private static final Layout ROWS = batch -> List.of(rows(batch));
    private static final Layout SINGLE = batch -> batch.stream().map(example -> PackedBatch.pack(List.of(example), 0))
            .toList();
    private static final Layout HALVES = batch -> List.of(PackedBatch.pack(batch.subList(0, 3), 24),
            PackedBatch.pack(batch.subList(3, BATCH), 24));

    /** One example in each row, the rest of the row empty. */
    private static PackedBatch rows(List<MaskedTokens> batch) {
        int width = batch.stream().mapToInt(MaskedTokens::length).max().orElseThrow();
        int size = batch.size() * width;
        var rows = new PackedBatch(batch.size(), width, new int[size], new int[size], new int[size], new int[size],
                new int[size]);
        Arrays.fill(rows.segments(), -1);
        Arrays.fill(rows.targets(), -1);
        for (int row = 0; row < batch.size(); row++) {
            PackedBatch alone = PackedBatch.pack(List.of(batch.get(row)), 0);
            int length = batch.get(row).length();
            System.arraycopy(alone.tokens(), 0, rows.tokens(), row * width, length);
            System.arraycopy(alone.positions(), 0, rows.positions(), row * width, length);
            System.arraycopy(alone.segments(), 0, rows.segments(), row * width, length);
            System.arraycopy(alone.targets(), 0, rows.targets(), row * width, length);
        }
        return rows;
    }

    private static Way train(String name, Layout layout) {
        return train(name, layout, false);
    }

    private static Way train(String name, Layout layout, boolean recompute) {
        try (Golden golden = Golden.open(name);
                CausalLm model = CausalLm.load(golden.dir());
                LoraAdapter adapter = LoraAdapter.load(golden.adapter(), model.config(), true);
                AdamW optimizer = new AdamW(adapter.parameters(), new AdamW.Settings(0.9, 0.999, 1e-6, 0.01))) {
            model.recomputeActivations(recompute);
            int vocabulary = model.config().vocabularySize();
            int longest = Math.min(16, model.config().maxPositions() + 1);
            List<MaskedTokens> examples = FullGradientTest.examples(new SplittableRandom(SEED), 4 * BATCH, vocabulary,
                    longest);
            var losses = new ArrayList<Double>();
            for (int step = 0; step < STEPS; step++) {
                List<MaskedTokens> batch = examples.subList(step % 4 * BATCH, step % 4 * BATCH + BATCH);
                long trained = batch.stream().mapToLong(MaskedTokens::trainedCount).sum();
                adapter.parameters().zeroGradients();
                LossSum sum = LossSum.ZERO;
                for (PackedBatch pass : layout.passes(batch)) {
                    sum = sum.plus(model.accumulateGradients(pass, adapter, 1.0 / trained, step));
                }
                assertThat(sum.tokens()).isEqualTo(trained);
                losses.add(sum.meanLoss());
                adapter.parameters().clipGradients(1);
                optimizer.step(2e-3);
            }
            return new Way(losses.stream().mapToDouble(Double::doubleValue).toArray(),
                    Tensors.floats(adapter.parameters().values()));
        }
    }

    private static void assertSameWay(String what, Way actual, Way expected) {
        double drift = 0;
        for (int step = 0; step < STEPS; step++) {
            double difference = actual.losses[step] - expected.losses[step];
            assertThat(Math.abs(difference)).as("%s, step %s", what, step).isLessThan(2e-5);
            drift += difference / STEPS;
        }
        assertThat(Math.abs(drift)).as(what + ", mean drift").isLessThan(2e-6);
        assertThat(Numbers.relativeError(actual.factors, expected.factors)).as(what + ", factors").isLessThan(2e-3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "gemma2", "gpt2", "mistral_window"})
    void packedUnpackedWholeOrInPartsItIsTheSameTraining(String name) {
        Way packed = train(name, PACKED);
        assertThat(packed.losses[STEPS - 1]).isLessThan(packed.losses[0]);
        assertSameWay(name + " unpacked", train(name, ROWS), packed);
        assertSameWay(name + " one at a time", train(name, SINGLE), packed);
        assertSameWay(name + " in two passes", train(name, HALVES), packed);
        assertSameBits(train(name, PACKED), packed);
        assertSameBits(train(name, PACKED, true), packed);
    }

    /** What dropout leaves out depends on the pass, so only the same passes give the same training. */
    @ParameterizedTest
    @ValueSource(strings = "phi3_longrope")
    void withDropoutTheSameSeedGivesTheSameBits(String name) {
        Way first = train(name, PACKED);
        assertSameBits(train(name, PACKED), first);
        assertSameBits(train(name, PACKED, true), first);
    }

    private static void assertSameBits(Way actual, Way expected) {
        assertThat(actual.losses).containsExactly(expected.losses);
        assertThat(actual.factors).containsExactly(expected.factors);
    }
}
