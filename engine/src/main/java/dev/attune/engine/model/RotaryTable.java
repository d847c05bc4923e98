package dev.attune.engine.model;

import dev.attune.engine.config.Rope;
import dev.attune.engine.tensor.Tensors;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * Cosines and sines of a {@link Rope}'s angles. Where they do not depend on the sequence's length they are kept, for as
 * many positions as were asked for. Thread-safe. Whoever makes it closes it.
 */
final class RotaryTable implements AutoCloseable {
    private static final int FIRST_POSITIONS = 1024;

    private final Rope rope;
    private final int headSize;
    private final List<Kept> kept = new ArrayList<>();

    /** Shapes (positions, R / 2). Earlier, shorter ones stay, since another thread may be reading them. */
    private record Kept(int positions, Tensor cosines, Tensor sines) {}

    RotaryTable(Rope rope, int headSize) {
        this.rope = rope;
        this.headSize = headSize;
    }

    /**
     * How far each token is turned.
     *
     * @param positions of B · T tokens
     * @param lengths of the sequence that each of them belongs to
     */
    Turn turn(long[] positions, int[] lengths, long rows, long tokens) {
        if (rope.dependsOnLength()) {
            return computed(positions, lengths, rows, tokens);
        }
        long furthest = 0;
        for (long position : positions) {
            furthest = Math.max(furthest, position);
        }
        Kept table = upTo((int) furthest);
        Tensor at = Tensors.of(positions, positions.length);
        return new Turn(table.cosines.index_select(0, at).view(rows, tokens, 1, -1),
                table.sines.index_select(0, at).view(rows, tokens, 1, -1));
    }

    private synchronized Kept upTo(int position) {
        if (kept.isEmpty() || kept.getLast().positions <= position) {
            int positions = FIRST_POSITIONS;
            while (positions <= position) {
                positions *= 2;
            }
            float[] frequencies = rope.inverseFrequencies(headSize, 0);
            var cos = new float[positions * frequencies.length];
            var sin = new float[cos.length];
            for (int i = 0; i < positions; i++) {
                write(frequencies, i, cos, sin, i);
            }
            try (var scope = new PointerScope()) {
                var table = new Kept(positions, Tensors.of(cos, positions, frequencies.length),
                        Tensors.of(sin, positions, frequencies.length));
                table.cosines.retainReference();
                table.sines.retainReference();
                kept.add(table);
            }
        }
        return kept.getLast();
    }

    private Turn computed(long[] positions, int[] lengths, long rows, long tokens) {
        int pairs = rope.dimensions(headSize) / 2;
        var cos = new float[positions.length * pairs];
        var sin = new float[cos.length];
        float[] frequencies = {};
        int kind = -1;
        for (int i = 0; i < positions.length; i++) {
            if (rope.lengthKind(lengths[i]) != kind) {
                kind = rope.lengthKind(lengths[i]);
                frequencies = rope.inverseFrequencies(headSize, lengths[i]);
            }
            write(frequencies, positions[i], cos, sin, i);
        }
        return new Turn(Tensors.of(cos, rows, tokens, 1, pairs), Tensors.of(sin, rows, tokens, 1, pairs));
    }

    private void write(float[] frequencies, long position, float[] cos, float[] sin, int row) {
        float factor = (float) rope.attentionFactor();
        for (int i = 0; i < frequencies.length; i++) {
            // the reference rounds frequency and angle to 32 bits
            float angle = position * frequencies[i];
            cos[row * frequencies.length + i] = (float) Math.cos(angle) * factor;
            sin[row * frequencies.length + i] = (float) Math.sin(angle) * factor;
        }
    }

    @Override
    public synchronized void close() {
        for (Kept table : kept) {
            table.cosines.close();
            table.sines.close();
        }
    }
}
