package dev.attune.engine.export;

import dev.attune.engine.model.CausalLm;
import dev.attune.engine.model.LoraAdapter;
import dev.attune.engine.model.PackedBatch;
import dev.attune.engine.tensor.Parameters;
import dev.attune.text.ChatEncoder;
import dev.attune.text.Conversation;
import dev.attune.text.MaskedTokens;
import dev.attune.text.Message;
import dev.attune.text.TextException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Compares the logits of a model with those of the model that was written from it, on prompts as people write them. */
final class LogitProbe {
    private static final int TOKENS = 48;
    private static final List<String> PROMPTS = List.of("What is the capital of France, and why?",
            "Write a JSON object with the fields name and age for Ada, who is 36.",
            "Übersetze ins Englische: Der Zug fährt um 7:45 Uhr.",
            "def add(a, b):\n    return a + b\n\nWhat does this function do?");

    private LogitProbe() {}

    /** Gives a written model's numbers, in the shape and with the meaning that the checkpoint has for them. */
    @FunctionalInterface
    interface Written {
        void read(Parameters.Slot tensor, MemorySegment destination);
    }

    /** Loads the base once and computes twice: with the adapter, and with the written weights in its place. */
    static LogitDifference measure(Path base, Optional<Path> adapter, Written written) {
        try (CausalLm model = CausalLm.load(base, false)) {
            List<PackedBatch> prompts = prompts(base, model);
            List<float[]> before = new ArrayList<>();
            Optional<LoraAdapter> lora = adapter.map(dir -> LoraAdapter.load(dir, model.config(), false));
            try {
                prompts.forEach(prompt -> before.add(model.logits(prompt, lora)));
            } finally {
                lora.ifPresent(LoraAdapter::close);
            }
            model.weights().slots().forEach(slot -> written.read(slot, model.weights().memory(slot)));
            model.weightsChanged();
            var sum = new Sum(model.config().vocabularySize());
            for (int i = 0; i < prompts.size(); i++) {
                sum.add(before.get(i), model.logits(prompts.get(i), Optional.empty()));
            }
            return sum.difference();
        }
    }

    private static List<PackedBatch> prompts(Path base, CausalLm model) {
        int most = Math.min(TOKENS, model.config().maxPositions());
        int vocabulary = model.config().vocabularySize();
        var prompts = new ArrayList<int[]>();
        try (ChatEncoder encoder = ChatEncoder.open(base)) {
            for (String text : PROMPTS) {
                int[] ids = encoder.prompt(new Conversation(List.of(new Message.User(text))));
                prompts.add(Arrays.stream(ids).filter(id -> id < vocabulary).limit(most).toArray());
            }
        } catch (TextException e) {
            // No template or tokenizer: any tokens show whether the weights are the same.
            var random = new SplittableRandom(1);
            PROMPTS.forEach(text -> prompts.add(random.ints(most, 0, vocabulary).toArray()));
        }
        return prompts.stream().map(ids -> PackedBatch.pack(
                List.of(new MaskedTokens(ids, new boolean[ids.length])), 0)).toList();
    }

    /** Adds up differences. */
    private static final class Sum {
        private final int vocabulary;
        private int tokens;
        private int same;
        private double largest;
        private double largestLogit;

        Sum(int vocabulary) {
            this.vocabulary = vocabulary;
        }

        void add(float[] before, float[] after) {
            for (int from = 0; from < before.length; from += vocabulary) {
                tokens++;
                same += choice(before, from) == choice(after, from) ? 1 : 0;
            }
            for (int i = 0; i < before.length; i++) {
                double difference = Math.abs((double) before[i] - after[i]);
                largest = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(largest, difference);
                largestLogit = Math.max(largestLogit, Math.abs(before[i]));
            }
        }

        private int choice(float[] logits, int from) {
            int best = from;
            for (int i = from; i < from + vocabulary; i++) {
                best = logits[i] > logits[best] ? i : best;
            }
            return best - from;
        }

        LogitDifference difference() {
            return new LogitDifference(tokens, largest, largest / Math.max(largestLogit, 1e-12),
                    same / (double) Math.max(tokens, 1));
        }
    }
}
