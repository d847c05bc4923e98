package dev.attune.bench;

import dev.attune.engine.config.LoraConfig;
import dev.attune.engine.config.LoraTargets;
import dev.attune.engine.config.Precision;
import dev.attune.engine.model.CausalLm;
import dev.attune.engine.model.LoraAdapter;
import dev.attune.engine.model.LossSum;
import dev.attune.engine.model.PackedBatch;
import dev.attune.engine.tensor.AdamW;
import dev.attune.engine.tensor.NativeMemory;
import dev.attune.engine.tensor.NativeThreads;
import dev.attune.text.MaskedTokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * LoRA steps on one sequence of 512 tokens: {@code StepBench MODEL_DIR attention|all STEPS THREADS float32|bfloat16}. Prints one line of
 * JSON with the best step's tokens a second, the last loss and the peak resident memory in GB.
 */
public final class StepBench {
    private static final int TOKENS = 512;

    private StepBench() {}

    public static void main(String[] arguments) throws IOException {
        NativeMemory.keepFreed();
        NativeThreads.use(Integer.parseInt(arguments[3]));
        NativeThreads.flushTinyNumbers();
        LoraTargets targets = arguments[1].equals("attention")
                ? LoraTargets.named(List.of("q_proj", "k_proj", "v_proj", "o_proj"))
                : LoraTargets.allLinear();
        int[] ids = IntStream.range(0, TOKENS).map(i -> (i * 7919 + 13) % 49152).toArray();
        var trained = new boolean[TOKENS];
        Arrays.fill(trained, 1, TOKENS, true);
        PackedBatch batch = PackedBatch.pack(List.of(new MaskedTokens(ids, trained)), TOKENS);
        Precision precision = Precision.valueOf(arguments[4].toUpperCase(Locale.ROOT));
        double best = Double.MAX_VALUE;
        LossSum loss = LossSum.ZERO;
        try (CausalLm model = CausalLm.load(Path.of(arguments[0]), precision);
                LoraAdapter adapter = LoraAdapter.create(LoraConfig.of(8, 16, targets), model, 1);
                AdamW optimizer = new AdamW(adapter.parameters(), AdamW.Settings.DEFAULT)) {
            for (int step = 0; step < Integer.parseInt(arguments[2]); step++) {
                long began = System.nanoTime();
                adapter.parameters().zeroGradients();
                loss = model.accumulateGradients(batch, adapter, 1.0 / batch.trainedTokens());
                adapter.parameters().clipGradients(1);
                optimizer.step(1e-4);
                best = Math.min(best, (System.nanoTime() - began) / 1e9);
            }
        }
        System.out.printf(Locale.ROOT, "{\"tokens_per_second\": %.1f, \"loss\": %.5f, \"peak_gb\": %.3f}%n",
                TOKENS / best,
                loss.meanLoss(), peak());
    }

    private static double peak() throws IOException {
        String line = Files.readAllLines(Path.of("/proc/self/status")).stream().filter(l -> l.startsWith("VmHWM"))
                .findFirst().orElseThrow();
        return Long.parseLong(line.replaceAll("\\D", "")) / 1e6;
    }
}
