package dev.attune.engine.model;

import static dev.attune.engine.tensor.Numbers.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.attune.engine.tensor.AdamW;
import dev.attune.engine.tensor.Parameters;
import dev.attune.engine.tensor.Safetensors;
import dev.attune.engine.tensor.Tensors;
import dev.attune.text.MaskedTokens;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The numbers of one model against those of transformers and PEFT. */
public final class GoldenChecks {
    private static final String PEFT = "base_model.model.";

    private GoldenChecks() {}

    private static PackedBatch alone(MaskedTokens example) {
        return PackedBatch.pack(List.of(example), 0);
    }

    private static void assertLogits(Golden golden, CausalLm model, Optional<LoraAdapter> adapter, String name) {
        List<MaskedTokens> examples = golden.examples();
        for (int row = 0; row < examples.size(); row++) {
            int length = examples.get(row).length();
            float[] logits = Arrays.copyOf(model.logits(alone(examples.get(row)), adapter),
                    length * model.config().vocabularySize());
            assertClose(name + " of sequence " + row, logits, golden.logits(name, row, length), 1e-5);
        }
    }

    /** Losses to a hundred-thousandth, of the loss where it is large. */
    private static void assertLoss(LossSum loss, float[] expected) {
        assertThat(loss.meanLoss()).isCloseTo(expected[0], within(1e-5 * Math.max(1, expected[0])));
    }

    /** Logits of each sequence alone, and the loss of all of them packed together. */
    public static void logitsAndLoss(Golden golden) {
        try (CausalLm model = CausalLm.load(golden.dir())) {
            assertLogits(golden, model, Optional.empty(), "logits");
            assertLoss(model.evaluate(PackedBatch.pack(golden.examples(), 0)), golden.numbers().floats("loss"));
        }
    }

    /** The adapter's logits, loss, gradients, clipped AdamW step, and the logits of the merged model after it. */
    public static void adapterStep(Golden golden, Path scratch) {
        Safetensors numbers = golden.numbers();
        try (CausalLm model = CausalLm.load(golden.dir());
                LoraAdapter adapter = LoraAdapter.load(golden.adapter(), model.config(), true);
                AdamW optimizer = new AdamW(adapter.parameters(), AdamW.Settings.DEFAULT)) {
            assertLogits(golden, model, Optional.of(adapter), "lora_logits");
            PackedBatch batch = PackedBatch.pack(golden.examples(), 0);
            assertLoss(model.accumulateGradients(batch, adapter, 1.0 / batch.trainedTokens()),
                    numbers.floats("lora_loss"));
            assertGradients(adapter.parameters(), numbers, "grad." + PEFT);
            double expected = numbers.floats("grad_norm")[0];
            assertThat(adapter.parameters().clipGradients(1.0)).isCloseTo(expected,
                    within(1e-5 * Math.max(1, expected)));
            optimizer.step(1e-3);
            for (Parameters.Slot slot : adapter.parameters().slots()) {
                float[] wanted = numbers.floats("after1." + PEFT + slot.name());
                float[] stepped = Tensors.floats(adapter.parameters().value(slot.name()));
                takeOverWhatIsOnlyRounding(stepped, wanted, numbers.floats("grad." + PEFT + slot.name()));
                assertClose(slot.name() + " after one step", stepped, wanted, 1e-4);
                // What is merged is exactly the reference's adapter.
                MemorySegment.copy(wanted, 0, adapter.parameters().memory(slot), ValueLayout.JAVA_FLOAT, 0,
                        wanted.length);
            }
            adapter.save(scratch.resolve("saved"), "golden");
            try (LoraAdapter again = LoraAdapter.load(scratch.resolve("saved"), model.config(), false);
                    CausalLm merged = CausalLm.load(golden.dir(), false)) {
                merged.merge(again);
                assertLogits(golden, merged, Optional.empty(), "merged_after1_logits");
            }
        }
    }

    /** Tokens that come one by one, several sequences side by side, against a pass as training makes it. */
    public static void decodingWithCache(Golden golden) {
        List<MaskedTokens> examples = golden.examples();
        int[] first = examples.get(0).ids();
        int[] second = examples.get(1).ids();
        int start = first.length / 2;
        int behind = second.length / 2;
        try (CausalLm model = CausalLm.load(golden.dir());
                LoraAdapter adapter = LoraAdapter.load(golden.adapter(), model.config(), false);
                DecodeSession session = model.decode(Optional.of(adapter), 3, 2 * first.length)) {
            session.append(0, Arrays.copyOf(first, start));
            assertClose("prompt", session.append(2, Arrays.copyOf(second, behind)),
                    next(model, adapter, second, behind), 1e-5);
            int together = Math.min(first.length - start, second.length - behind);
            for (int i = 0; i < together; i++) {
                float[][] logits = session.step(new int[]{0, 2}, new int[]{first[start + i], second[behind + i]});
                assertClose("first, side by side", logits[0], next(model, adapter, first, start + 1 + i), 1e-5);
                assertClose("second, side by side", logits[1], next(model, adapter, second, behind + 1 + i), 1e-5);
            }
            for (int length = start + together + 1; length <= first.length; length++) {
                assertClose("first, alone", session.step(new int[]{0}, new int[]{first[length - 1]})[0],
                        next(model, adapter, first, length), 1e-5);
            }
            int vocabulary = model.config().vocabularySize();
            assertClose("whole", session.append(1, first), Arrays.copyOfRange(
                    golden.logits("lora_logits", 0, first.length), (first.length - 1) * vocabulary,
                    first.length * vocabulary), 1e-5);
        }
    }

    /** The logits of what comes after the first tokens of a sequence. */
    private static float[] next(CausalLm model, LoraAdapter adapter, int[] ids, int length) {
        int vocabulary = model.config().vocabularySize();
        var prefix = new MaskedTokens(Arrays.copyOf(ids, length), new boolean[length]);
        float[] all = model.logits(alone(prefix), Optional.of(adapter));
        return Arrays.copyOfRange(all, (length - 1) * vocabulary, length * vocabulary);
    }

    /** The gradient of every weight of the model, where the reference has made them. */
    public static void fullGradients(Golden golden) {
        Path file = golden.dir().resolve("full.safetensors");
        if (!Files.exists(file)) {
            return;
        }
        try (Safetensors numbers = Safetensors.openFile(file); CausalLm model = CausalLm.load(golden.dir(), true)) {
            PackedBatch batch = PackedBatch.pack(golden.examples(), 0);
            assertLoss(model.accumulateGradients(batch, 1.0 / batch.trainedTokens()), numbers.floats("loss"));
            assertGradients(model.weights(), numbers, "grad.");
        }
    }

    /** What only rounds to something other than zero, such as the gradient of a key's bias, is held against the others. */
    private static void assertGradients(Parameters trained, Safetensors numbers, String prefix) {
        double largest = trained.slots().stream().map(slot -> numbers.floats(prefix + slot.name()))
                .mapToDouble(GoldenChecks::largest).max().orElseThrow();
        for (Parameters.Slot slot : trained.slots()) {
            float[] expected = numbers.floats(prefix + slot.name());
            double tolerance = 1e-4 + 1e-6 * largest / Math.max(largest(expected), 1e-30);
            assertClose("gradient of " + slot.name(), Tensors.floats(trained.gradient(slot.name())), expected,
                    tolerance);
        }
    }

    /** Of a gradient that is rounding alone Adam's first step takes the sign. */
    private static void takeOverWhatIsOnlyRounding(float[] stepped, float[] expected, float[] gradient) {
        for (int i = 0; i < gradient.length; i++) {
            if (Math.abs(gradient[i]) < 1e-7) {
                stepped[i] = expected[i];
            }
        }
    }

    private static double largest(float[] values) {
        double largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }
}
