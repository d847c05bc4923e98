package dev.attune.engine;

import dev.attune.text.MaskedTokens;
import java.util.ArrayList;
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
     * Packs a batch.
     *
     * @param tokensPerPass most tokens in one pass, where one example does not need more
     */
    static List<PackedBatch> pack(List<MaskedTokens> examples, int tokensPerPass) {
        var passes = new ArrayList<PackedBatch>();
        int from = 0;
        while (from < examples.size()) {
            int tokens = examples.get(from).length();
            int to = from + 1;
            while (to < examples.size() && tokens + examples.get(to).length() <= tokensPerPass) {
                tokens += examples.get(to).length();
                to++;
            }
            passes.add(densest(examples.subList(from, to)));
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
