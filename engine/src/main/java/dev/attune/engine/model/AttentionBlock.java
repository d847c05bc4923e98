package dev.attune.engine.model;

import dev.attune.engine.config.Precision;
import dev.attune.engine.tensor.Tensors;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * Neighbouring queries of all rows of a batch, and the keys that any of them sees. A row is cut into such blocks so that
 * scores that nobody looks at are not computed: those of later tokens, and of earlier examples of a packed row.
 *
 * @param from first query
 * @param count n, how many queries
 * @param firstKey first key that one of them sees; the last is the last query's own
 * @param maskFrom from this key on not all of them see all
 * @param mask shape (B, 1, n, 1, keys from there on): 0 where a query sees a key, −∞ elsewhere; absent where all do
 */
public record AttentionBlock(int from, int count, int firstKey, int maskFrom, Optional<Tensor> mask) {
    /** Queries in a block. Fewer save more scores and make smaller products. */
    public static final int QUERIES = 128;

    /** Rows shorter than this are one block. */
    public static final int SHORT_ROW = 192;

    /** The same with its mask in the numbers of the scores. */
    AttentionBlock in(Precision precision) {
        return new AttentionBlock(from, count, firstKey, maskFrom, mask.map(precision::of));
    }

    /** How many keys its queries see, together. */
    int keys() {
        return from + count - firstKey;
    }

    /**
     * The blocks of a batch, in order.
     *
     * @param window how many tokens a token sees, itself included; 0 for all
     */
    static List<AttentionBlock> of(PackedBatch batch, int window) {
        int[] earliest = earliest(batch, window);
        int length = batch.length();
        int size = length <= SHORT_ROW ? length : QUERIES;
        var blocks = new ArrayList<AttentionBlock>();
        for (int from = 0; from < length; from += size) {
            blocks.add(block(batch.rows(), length, earliest, from, Math.min(size, length - from)));
        }
        return blocks;
    }

    private static AttentionBlock block(int rows, int length, int[] earliest, int from, int count) {
        int firstKey = length;
        int common = 0;
        for (int row = 0; row < rows; row++) {
            firstKey = Math.min(firstKey, earliest[row * length + from]);
            common = Math.max(common, earliest[row * length + from + count - 1]);
        }
        int maskFrom = common <= firstKey ? from : firstKey;
        return new AttentionBlock(from, count, firstKey, maskFrom,
                count == 1 && maskFrom == from
                        ? Optional.empty()
                        : Optional.of(mask(rows, length, earliest, from, count, maskFrom)));
    }

    private static Tensor mask(int rows, int length, int[] earliest, int from, int count, int maskFrom) {
        int width = from + count - maskFrom;
        var mask = new float[rows * count * width];
        for (int row = 0; row < rows; row++) {
            for (int query = 0; query < count; query++) {
                int at = (row * count + query) * width;
                int first = Math.max(0, earliest[row * length + from + query] - maskFrom);
                Arrays.fill(mask, at, at + first, Float.NEGATIVE_INFINITY);
                Arrays.fill(mask, at + from + query + 1 - maskFrom, at + width, Float.NEGATIVE_INFINITY);
            }
        }
        return Tensors.of(mask, rows, 1, count, 1, width);
    }

    /** Of each token, the first token of its row that it sees. */
    private static int[] earliest(PackedBatch batch, int window) {
        int length = batch.length();
        var earliest = new int[batch.tokens().length];
        for (int i = 0; i < earliest.length; i++) {
            int index = i % length;
            boolean goesOn = index > 0 && batch.segments()[i] == batch.segments()[i - 1];
            int own = goesOn ? earliest[i - 1] : index;
            earliest[i] = window > 0 ? Math.max(own, index - window + 1) : own;
        }
        return earliest;
    }
}
