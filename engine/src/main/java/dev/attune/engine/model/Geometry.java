package dev.attune.engine.model;

import dev.attune.engine.config.ModelConfig;
import dev.attune.engine.config.Precision;
import dev.attune.engine.config.Rope;
import dev.attune.engine.tensor.Tensors;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * What all layers share about one batch: which token sees which, and how far each is turned. Shapes: B rows, T tokens a
 * row.
 *
 * @param positions each token's index within its own example, shape (B · T)
 * @param blocks by window: which scores are computed, and which of them count; a token sees itself always
 * @param turns by rope
 */
record Geometry(int rows, int length, Tensor positions, Map<Integer, List<AttentionBlock>> blocks,
        Map<Rope, Turn> turns) {

    /** @param precision in which the batch passes through the layers */
    static Geometry of(PackedBatch batch, ModelConfig config, Map<Rope, RotaryTable> tables,
            Precision precision) {
        int rows = batch.rows();
        int length = batch.length();
        var blocks = new HashMap<Integer, List<AttentionBlock>>();
        for (ModelConfig.Layer layer : config.plan()) {
            // A window that is longer than a row hides nothing.
            blocks.computeIfAbsent(layer.window() < length ? layer.window() : 0,
                    window -> AttentionBlock.of(batch, window).stream().map(block -> block.in(precision)).toList());
        }
        long[] positions = longs(batch.positions());
        int[] lengths = sequenceLengths(batch);
        var turns = new HashMap<Rope, Turn>();
        tables.forEach((rope, table) -> turns.put(rope, table.turn(positions, lengths, rows, length).in(precision)));
        return new Geometry(rows, length, Tensors.of(positions, positions.length), blocks, turns);
    }

    List<AttentionBlock> blocks(ModelConfig.Layer layer) {
        List<AttentionBlock> wanted = blocks.get(layer.window() < length ? layer.window() : 0);
        if (wanted == null) {
            throw new IllegalArgumentException("no blocks for a window of " + layer.window());
        }
        return wanted;
    }

    Optional<Turn> turn(ModelConfig.Layer layer) {
        return layer.rope().map(turns::get);
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
}
