package dev.attune.engine;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * What all layers share about one batch: which token sees which, and how far each is turned. Shapes: B rows, T tokens a
 * row.
 *
 * @param mask shape (B, 1, T, T): 0 where a query (row) sees a key (column), −∞ elsewhere; a token sees itself always
 * @param cos shape (B, T, 1, headSize / 2)
 * @param sin shape (B, T, 1, headSize / 2)
 */
record Geometry(int rows, int length, Tensor mask, Tensor cos, Tensor sin) {

    static Geometry of(PackedBatch batch, RotaryTable table) {
        int rows = batch.rows();
        int length = batch.length();
        Tensor segments = Tensors.of(longs(batch.segments()), rows, length);
        Tensor hidden = segments.unsqueeze(2).ne(segments.unsqueeze(1));
        Tensor index = Tensors.of(range(length), length);
        hidden.logical_or_(index.unsqueeze(0).unsqueeze(0).gt(index.unsqueeze(0).unsqueeze(2)));
        Tensor mask = Tensors.zeros(rows, 1, length, length);
        mask.masked_fill_(hidden.unsqueeze(1), new Scalar(Float.NEGATIVE_INFINITY));
        Tensor positions = Tensors.of(longs(batch.positions()), (long) rows * length);
        return new Geometry(rows, length, mask, table.cos(positions).view(rows, length, 1, -1),
                table.sin(positions).view(rows, length, 1, -1));
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
