package dev.attune.engine;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * What all layers share about one batch: which token sees which, and how far each is turned. Shapes: B rows, T tokens a
 * row.
 *
 * @param positions each token's index within its own example, shape (B · T)
 * @param masks by window, shape (B, 1, T, T): 0 where a query (row) sees a key (column), −∞ elsewhere; a token sees
 *        itself always
 * @param turns by rope
 */
record Geometry(int rows, int length, Tensor positions, Map<Integer, Tensor> masks, Map<Rope, Turn> turns) {

    static Geometry of(PackedBatch batch, ModelConfig config, Map<Rope, RotaryTable> tables) {
        int rows = batch.rows();
        int length = batch.length();
        var masks = new HashMap<Integer, Tensor>();
        for (ModelConfig.Layer layer : config.plan()) {
            // A window that is longer than a row hides nothing.
            masks.computeIfAbsent(layer.window() < length ? layer.window() : 0, window -> mask(batch, window));
        }
        long[] positions = longs(batch.positions());
        int[] lengths = sequenceLengths(batch);
        var turns = new HashMap<Rope, Turn>();
        tables.forEach((rope, table) -> turns.put(rope, table.turn(positions, lengths, rows, length)));
        return new Geometry(rows, length, Tensors.of(positions, positions.length), masks, turns);
    }

    Tensor mask(ModelConfig.Layer layer) {
        Tensor mask = masks.get(layer.window() < length ? layer.window() : 0);
        if (mask == null) {
            throw new IllegalArgumentException("no mask for a window of " + layer.window());
        }
        return mask;
    }

    Optional<Turn> turn(ModelConfig.Layer layer) {
        return layer.rope().map(turns::get);
    }

    private static Tensor mask(PackedBatch batch, int window) {
        int rows = batch.rows();
        int length = batch.length();
        Tensor segments = Tensors.of(longs(batch.segments()), rows, length);
        Tensor hidden = segments.unsqueeze(2).ne(segments.unsqueeze(1));
        Tensor index = Tensors.of(range(length), length);
        Tensor queries = index.unsqueeze(0).unsqueeze(2);
        Tensor keys = index.unsqueeze(0).unsqueeze(0);
        hidden.logical_or_(keys.gt(queries));
        if (window > 0) {
            hidden.logical_or_(keys.le(queries.sub(new Scalar(window))));
        }
        Tensor mask = Tensors.zeros(rows, 1, length, length);
        mask.masked_fill_(hidden.unsqueeze(1), new Scalar(Float.NEGATIVE_INFINITY));
        return mask;
    }

    /** Of each token, the length of its example; 1 where there is none. */
    private static int[] sequenceLengths(PackedBatch batch) {
        var lengths = new int[batch.tokens().length];
        int end = lengths.length;
        for (int i = lengths.length - 1; i >= 0; i--) {
            boolean last = i + 1 == end || (i + 1) % batch.length() == 0
                    || batch.segments()[i + 1] != batch.segments()[i];
            lengths[i] = batch.segments()[i] < 0 ? 1 : last ? batch.positions()[i] + 1 : lengths[i + 1];
        }
        return lengths;
    }

    static long[] longs(int[] values) {
        var longs = new long[values.length];
        for (int i = 0; i < values.length; i++) {
            longs[i] = values[i];
        }
        return longs;
    }

    private static long[] range(int length) {
        var range = new long[length];
        for (int i = 0; i < length; i++) {
            range[i] = i;
        }
        return range;
    }
}
