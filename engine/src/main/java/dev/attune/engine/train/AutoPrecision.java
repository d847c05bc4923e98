package dev.attune.engine.train;

import dev.attune.engine.config.LoraConfig;
import dev.attune.engine.config.ModelConfig;
import dev.attune.engine.config.Precision;
import dev.attune.engine.tensor.Safetensors;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * In which numbers a job holds its frozen weights where nothing is said: bfloat16 where the checkpoint is stored in it
 * (nothing is rounded then), the processor multiplies it natively, the model is large enough to gain by it, and the
 * adapter is plain LoRA.
 */
public final class AutoPrecision {
    private static final long LARGE = 50_000_000;

    private AutoPrecision() {}

    /**
     * Decides for a base model on this machine.
     *
     * @throws EngineException where the model cannot be read
     */
    public static Precision of(Path base, Tuning tuning) {
        return choose(tuning, storedAs(base), ModelConfig.read(base).parameterCount(), processor());
    }

    /**
     * @param stored type of the checkpoint's largest tensor, such as {@code BF16}
     * @param processor what {@code /proc/cpuinfo} says
     */
    static Precision choose(Tuning tuning, String stored, long parameters, String processor) {
        boolean fast = processor.contains("avx512_bf16") || processor.contains("amx_bf16");
        boolean plain = tuning instanceof Tuning.Lora(LoraConfig lora) && !lora.magnitudes();
        return plain && stored.equals(Precision.BFLOAT16.stored()) && parameters >= LARGE && fast
                ? Precision.BFLOAT16
                : Precision.FLOAT32;
    }

    private static String storedAs(Path base) {
        try (Safetensors files = Safetensors.openModel(base)) {
            return files.names().stream().max((one, other) -> Long.compare(count(files, one), count(files, other)))
                    .map(files::dataType).orElse("");
        }
    }

    private static long count(Safetensors files, String name) {
        long count = 1;
        for (long side : files.shape(name)) {
            count *= side;
        }
        return count;
    }

    private static String processor() {
        Path file = Path.of("/proc/cpuinfo");
        try {
            return Files.isReadable(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            return "";
        }
    }
}
