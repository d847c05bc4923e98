package dev.attune.engine.train;

import dev.attune.engine.data.TrainingExample;
import dev.attune.engine.model.LossSum;
import dev.attune.engine.model.PackedBatch;
import dev.attune.engine.model.TokenLosses;

import dev.attune.text.MaskedTokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The rows in which a batch of examples passes through the model with the least work. Among some row lengths the one is
 * taken that leaves the least room empty, where a long row counts a little more, since attention grows with its square;
 * a batch that is too large for one pass becomes several, whose gradients are added.
 */
final class BatchRows {
    /** Length at which attention costs about as much as all else. */
    private static final double ATTENTION_LENGTH = 1500;
    static final int LONGEST_ROW = 512;

    private BatchRows() {}

    /**
     * What passes through the model at once.
     *
     * @param batch the examples' sequences, in the examples' order
     */
    record Pass(List<TrainingExample> examples, PackedBatch batch) {

        /** What was found of each example's sequences. */
        List<LossSum[]> byExample(TokenLosses losses) {
            int count = examples.stream().mapToInt(example -> example.sequences().size()).sum();
            LossSum[] sums = losses.byExample(count);
            var byExample = new ArrayList<LossSum[]>();
            int at = 0;
            for (TrainingExample example : examples) {
                byExample.add(Arrays.copyOfRange(sums, at, at + example.sequences().size()));
                at += example.sequences().size();
            }
            return byExample;
        }
    }

    /**
     * Packs a batch; the sequences of an example stay in one pass.
     *
     * @param tokensPerPass most tokens in one pass, where one example does not need more
     */
    static List<Pass> passes(List<? extends TrainingExample> examples, int tokensPerPass) {
        var passes = new ArrayList<Pass>();
        int from = 0;
        while (from < examples.size()) {
            int tokens = examples.get(from).length();
            int to = from + 1;
            while (to < examples.size() && tokens + examples.get(to).length() <= tokensPerPass) {
                tokens += examples.get(to).length();
                to++;
            }
            List<TrainingExample> own = List.copyOf(examples.subList(from, to));
            passes.add(new Pass(own, densest(own.stream().flatMap(one -> one.sequences().stream()).toList())));
            from = to;
        }
        return passes;
    }

    private static PackedBatch densest(List<MaskedTokens> examples) {
        int longest = examples.stream().mapToInt(MaskedTokens::length).max().orElseThrow();
        PackedBatch best = PackedBatch.pack(examples, longest);
        for (int length = longest + 8; length <= LONGEST_ROW; length += Math.max(8, longest / 8)) {
            PackedBatch candidate = PackedBatch.pack(examples, length);
            if (work(candidate) < work(best)) {
                best = candidate;
            }
        }
        return best;
    }

    private static double work(PackedBatch batch) {
        return (double) batch.rows() * batch.length() * (1 + batch.length() / ATTENTION_LENGTH);
    }
}
