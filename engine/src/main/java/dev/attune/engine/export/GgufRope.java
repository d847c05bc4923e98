package dev.attune.engine.export;

import dev.attune.engine.config.Family;
import dev.attune.engine.config.ModelConfig;
import dev.attune.engine.config.Rope;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The turning of heads as llama.cpp is told of it: keys in the head, and divisors of the frequencies as tensors where
 * keys do not say enough.
 *
 * @param keys without the architecture before them, such as {@code rope.freq_base}
 * @param divisors by the names of the tensors
 * @param context the longest sequence for which this holds
 */
record GgufRope(Map<String, GgufValue> keys, Map<String, List<Double>> divisors, int context) {

    /** What the model turns by, or why llama.cpp cannot. */
    static GgufRope of(ModelConfig config, Problems problems) {
        Optional<Rope> found = config.plan().stream().filter(layer -> layer.window() == 0 || !isGemma3(config))
                .flatMap(layer -> layer.rope().stream()).findFirst()
                .or(() -> config.plan().stream().flatMap(layer -> layer.rope().stream()).findFirst());
        return found.map(rope -> new Reader(config, rope, problems).read())
                .orElseGet(() -> new GgufRope(Map.of(), Map.of(), config.maxPositions()));
    }

    private static boolean isGemma3(ModelConfig config) {
        return config.family() == Family.GEMMA3;
    }

    /** The divisors as tensors. */
    List<TensorPlan> tensors() {
        return divisors.entrySet().stream()
                .map(entry -> new TensorPlan(entry.getKey(), new long[]{entry.getValue().size()},
                        NumberType.F32, memory -> fill(memory, entry.getValue())))
                .toList();
    }

    private static void fill(MemorySegment memory, List<Double> values) {
        for (int i = 0; i < values.size(); i++) {
            memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, values.get(i).floatValue());
        }
    }

    private static final class Reader {
        private final ModelConfig config;
        private final Rope rope;
        private final Problems problems;
        private final boolean llama;
        private final Map<String, GgufValue> keys = new LinkedHashMap<>();
        private final Map<String, List<Double>> divisors = new LinkedHashMap<>();

        Reader(ModelConfig config, Rope rope, Problems problems) {
            this.config = config;
            this.rope = rope;
            this.problems = problems;
            this.llama = config.family() == Family.LLAMA || config.family() == Family.MISTRAL;
        }

        GgufRope read() {
            keys.put("rope.dimension_count", new GgufValue.Whole(rope.dimensions(config.headSize())));
            keys.put("rope.freq_base", new GgufValue.Real((float) rope.theta()));
            int context = config.maxPositions();
            switch (rope.scaling()) {
                case Rope.Scaling.None() -> {
                }
                case Rope.Scaling.Linear(double factor) -> scaling("linear", factor);
                case Rope.Scaling.Dynamic(double factor, int positions) -> {
                    context = Math.min(context, positions);
                    problems.remark("llama.cpp does not stretch the rope with the sequence (dynamic): the GGUF says a"
                            + " context of " + context + " tokens.");
                }
                case Rope.Scaling.Llama3 llama3 -> {
                    if (!llama) {
                        problems.add("its rope scaling llama3 is known to llama.cpp only in Llama's own architecture");
                    }
                    divisors.put("rope_freqs.weight", perFrequency());
                }
                case Rope.Scaling.Yarn yarn -> yarn(yarn);
                case Rope.Scaling.LongRope longRope -> longRope(longRope);
            }
            return new GgufRope(keys, divisors, context);
        }

        private void scaling(String type, double factor) {
            keys.put("rope.scaling.type", new GgufValue.Text(type));
            keys.put("rope.scaling.factor", new GgufValue.Real((float) factor));
        }

        private void yarn(Rope.Scaling.Yarn yarn) {
            boolean usual = yarn.betaFast() == 32 && yarn.betaSlow() == 1 && yarn.truncate();
            if (usual) {
                scaling("yarn", yarn.factor());
                originalContext(yarn.originalPositions());
                // llama.cpp multiplies by this much on its own.
                double own = 1 + 0.1 * Math.log(yarn.factor());
                attention(yarn.attentionFactor() / own);
            } else if (llama) {
                keys.put("rope.scaling.type", new GgufValue.Text("none"));
                attention(yarn.attentionFactor());
                divisors.put("rope_freqs.weight", perFrequency());
            } else {
                problems.add("its rope scaling yarn has a ramp of its own (beta_fast " + yarn.betaFast()
                        + ", beta_slow " + yarn.betaSlow() + ", truncate " + yarn.truncate()
                        + "), which llama.cpp does not read for this architecture");
            }
        }

        private void longRope(Rope.Scaling.LongRope longRope) {
            if (!llama && config.family() != Family.PHI3) {
                problems.add("its rope scaling longrope is known to llama.cpp only in the architectures of Phi-3 and"
                        + " Llama");
            }
            if (llama) {
                keys.put("rope.scaling.type", new GgufValue.Text("longrope"));
            }
            originalContext(longRope.originalPositions());
            attention(longRope.attentionFactor());
            divisors.put("rope_factors_long.weight", longRope.longFactors());
            divisors.put("rope_factors_short.weight", longRope.shortFactors());
            problems.remark(
                    "llama.cpp takes the long or the short factors of the rope by the size of its context, not by"
                            + " the length of the text: run it with a context of " + longRope.originalPositions()
                            + " where texts are no longer than that.");
        }

        private void originalContext(double positions) {
            keys.put("rope.scaling.original_context_length", new GgufValue.Whole((int) positions));
        }

        private void attention(double factor) {
            if (Math.abs(factor - 1) > 1e-9) {
                keys.put("rope.scaling.attn_factor", new GgufValue.Real((float) factor));
            }
        }

        /** By how much each frequency is divided. */
        private List<Double> perFrequency() {
            float[] stretched = rope.inverseFrequencies(config.headSize(), config.maxPositions());
            float[] plain = new Rope(rope.theta(), rope.share(), new Rope.Scaling.None())
                    .inverseFrequencies(config.headSize(), config.maxPositions());
            var factors = new java.util.ArrayList<Double>();
            for (int i = 0; i < plain.length; i++) {
                factors.add((double) plain[i] / stretched[i]);
            }
            return factors;
        }
    }
}
