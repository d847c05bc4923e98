package dev.attune.engine.model;

import dev.attune.engine.EngineException;
import dev.attune.engine.config.ModelConfig;
import dev.attune.engine.config.Rope;
import dev.attune.engine.tensor.Tensors;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.ObjIntConsumer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * Sequences being written side by side, with the keys and values of all their tokens kept. Each stands in a slot of its
 * own; a prompt goes in with {@link #append}, then {@link #step} adds a token to one or all of them. One thread at a
 * time. Whoever makes it closes it, before its model.
 */
public final class DecodeSession implements AutoCloseable {
    /** Most prompt tokens run at once; bounds the memory of their attention. */
    private static final int CHUNK = 512;
    /** Most tokens run at once where the logits of all are wanted. */
    private static final int SCORED = 64;

    private final CausalLm model;
    private final Optional<LoraAdapter> adapter;
    private final int slots;
    private final int maxTokens;
    private final int[] lengths;
    private final int[][] history;
    private final int[] turnedFor;
    private final List<Tensor> keys = new ArrayList<>();
    private final List<Tensor> values = new ArrayList<>();
    private final PointerScope owned;

    DecodeSession(CausalLm model, Optional<LoraAdapter> adapter, int slots, int maxTokens) {
        this.model = model;
        this.adapter = adapter;
        this.slots = slots;
        this.maxTokens = maxTokens;
        this.lengths = new int[slots];
        this.history = new int[slots][maxTokens];
        this.turnedFor = new int[slots];
        var scope = new PointerScope();
        try {
            ModelConfig config = model.config();
            for (int layer = 0; layer < config.layers(); layer++) {
                long heads = (long) slots * config.keyValueHeads();
                keys.add(Tensors.zeros(heads, maxTokens, config.headSize()));
                values.add(Tensors.zeros(heads, maxTokens, config.headSize()));
            }
        } finally {
            owned = scope.extend();
            scope.close();
        }
    }

    /**
     * The new tokens of a pass and where they go: M sequences of n tokens each.
     *
     * @param extent T, the longest sequence with its new tokens
     * @param positions of the new tokens, shape (M · n)
     * @param turns by rope
     * @param masks by window, shape (M, 1, n, T); absent where every query sees all T keys
     * @param rows rows of the cache, seen as (slots · K · maxTokens, headSize), length M · K · n
     * @param chosen the slots, where they are not all
     */
    record Window(int sequences, int tokens, int extent, Tensor positions, Map<Rope, Turn> turns,
            Map<Integer, Tensor> masks, Tensor rows, Optional<Tensor> chosen) {

        Optional<Turn> turn(ModelConfig.Layer layer) {
            return layer.rope().map(turns::get);
        }

        Optional<Tensor> mask(ModelConfig.Layer layer) {
            return Optional.ofNullable(masks.get(layer.window()));
        }
    }

    /** How many tokens a slot holds. */
    public int length(int slot) {
        return lengths[slot];
    }

    /** How many tokens a slot can hold. */
    public int capacity() {
        return maxTokens;
    }

    /** Forgets a slot's tokens from {@code length} on. */
    public void truncate(int slot, int length) {
        lengths[slot] = Math.min(lengths[slot], length);
    }

    /**
     * Adds tokens to one slot.
     *
     * @param tokens at least one
     * @return the logits of what comes after the last, length vocabularySize
     */
    public float[] append(int slot, int[] tokens) {
        return append(slot, tokens, () -> true);
    }

    /**
     * The same, but given up between two stretches of the tokens where they are no longer wanted; nothing is returned then.
     */
    public float[] append(int slot, int[] tokens, BooleanSupplier wanted) {
        int length = lengths[slot] + tokens.length;
        turnAgain(slot, length);
        return append(slot, tokens, length, wanted);
    }

    private float[] append(int slot, int[] tokens, int length, BooleanSupplier wanted) {
        float[] logits = new float[0];
        for (int from = 0; from < tokens.length; from += CHUNK) {
            if (!wanted.getAsBoolean()) {
                return new float[0];
            }
            int[] chunk = Arrays.copyOfRange(tokens, from, Math.min(tokens.length, from + CHUNK));
            logits = run(new int[]{slot}, chunk, chunk.length, new int[]{length}, 1)[0];
        }
        return logits;
    }

    /**
     * Adds tokens to one slot and gives the logits after each of them to {@code each}, in order.
     *
     * @param each takes the place of a token, from 0, and what comes after it, length vocabularySize
     */
    public void appendAll(int slot, int[] tokens, ObjIntConsumer<float[]> each) {
        int length = lengths[slot] + tokens.length;
        turnAgain(slot, length);
        for (int from = 0; from < tokens.length; from += SCORED) {
            int[] chunk = Arrays.copyOfRange(tokens, from, Math.min(tokens.length, from + SCORED));
            float[][] rows = run(new int[]{slot}, chunk, chunk.length, new int[]{length}, chunk.length);
            for (int i = 0; i < rows.length; i++) {
                each.accept(rows[i], from + i);
            }
        }
    }

    /**
     * Where a longer sequence turns its tokens otherwise, those that a slot holds go through the model once more, so that
     * decoding gives the logits of training.
     */
    private void turnAgain(int slot, int length) {
        boolean other = lengths[slot] > 0 && model.rotary().keySet().stream()
                .anyMatch(rope -> rope.lengthKind(length) != rope.lengthKind(turnedFor[slot]));
        if (other) {
            int[] held = Arrays.copyOf(history[slot], lengths[slot]);
            lengths[slot] = 0;
            append(slot, held, length, () -> true);
        }
        turnedFor[slot] = length;
    }

    /**
     * Adds one token to each of several slots.
     *
     * @param slots different slots, ascending
     * @param tokens one for each
     * @return the logits of what comes next, one array of length vocabularySize for each
     */
    public float[][] step(int[] slots, int[] tokens) {
        var longer = new int[slots.length];
        for (int i = 0; i < slots.length; i++) {
            longer[i] = lengths[slots[i]] + 1;
            turnAgain(slots[i], longer[i]);
        }
        return run(slots, tokens, 1, longer, 1);
    }

    /**
     * @param sequenceLengths of each chosen slot, once all its new tokens are in
     * @param last after how many of the last tokens of each slot logits are wanted
     */
    private float[][] run(int[] chosen, int[] added, int each, int[] sequenceLengths, int last) {
        try (var scope = new PointerScope()) {
            Window window = window(chosen, each, sequenceLengths);
            Optional<Weight> own = adapter.flatMap(LoraAdapter::embedding);
            Tensor x = model.embed(Tensors.of(Geometry.longs(added), added.length), window.positions(),
                    own);
            for (int layer = 0; layer < keys.size(); layer++) {
                x = model.layer(layer).decode(x, window, keys.get(layer), values.get(layer), layer(layer));
                scope.attach(x);
                x.releaseReference();
            }
            Tensor ends = x.view(chosen.length, each, -1).narrow(1, each - last, last)
                    .reshape((long) chosen.length * last, -1);
            float[] logits = Tensors.floats(model.logits(ends, own));
            for (int i = 0; i < chosen.length; i++) {
                System.arraycopy(added, i * each, history[chosen[i]], lengths[chosen[i]], each);
                lengths[chosen[i]] += each;
            }
            var split = new float[chosen.length * last][];
            int width = logits.length / split.length;
            for (int i = 0; i < split.length; i++) {
                split[i] = Arrays.copyOfRange(logits, i * width, (i + 1) * width);
            }
            return split;
        }
    }

    private DecoderLayer.Adapter layer(int layer) {
        return adapter.map(present -> present.factors(layer)).orElse(DecoderLayer.Adapter.NONE);
    }

    private Window window(int[] chosen, int each, int[] sequenceLengths) {
        int kv = model.config().keyValueHeads();
        int extent = 0;
        boolean same = true;
        for (int slot : chosen) {
            extent = Math.max(extent, lengths[slot] + each);
            same &= lengths[slot] == lengths[chosen[0]];
        }
        if (extent > maxTokens) {
            throw new EngineException("The sequence would be longer than " + maxTokens + " tokens.");
        }
        var positions = new long[chosen.length * each];
        var ofSequence = new int[positions.length];
        var rows = new long[chosen.length * kv * each];
        for (int i = 0; i < chosen.length; i++) {
            for (int token = 0; token < each; token++) {
                int position = lengths[chosen[i]] + token;
                positions[i * each + token] = position;
                ofSequence[i * each + token] = sequenceLengths[i];
                for (int head = 0; head < kv; head++) {
                    rows[(i * kv + head) * each + token] = ((long) chosen[i] * kv + head) * maxTokens + position;
                }
            }
        }
        var masks = new HashMap<Integer, Tensor>();
        for (ModelConfig.Layer layer : model.config().plan()) {
            boolean seesAll = same && each == 1 && (layer.window() == 0 || layer.window() >= extent);
            if (!seesAll) {
                int longest = extent;
                masks.computeIfAbsent(layer.window(), size -> mask(positions, chosen, each, longest, size));
            }
        }
        var turns = new HashMap<Rope, Turn>();
        model.rotary().forEach(
                (rope, table) -> turns.put(rope, table.turn(positions, ofSequence, chosen.length, each)));
        Optional<Tensor> some = chosen.length == slots
                ? Optional.empty()
                : Optional.of(Tensors.of(Geometry.longs(chosen), chosen.length));
        return new Window(chosen.length, each, extent, Tensors.of(positions, positions.length), turns, masks,
                Tensors.of(rows, rows.length), some);
    }

    private static Tensor mask(long[] positions, int[] chosen, int each, int extent, int window) {
        var mask = new float[positions.length * extent];
        for (int query = 0; query < positions.length; query++) {
            int position = (int) positions[query];
            int row = query * extent;
            Arrays.fill(mask, row + position + 1, row + extent, Float.NEGATIVE_INFINITY);
            if (window > 0) {
                Arrays.fill(mask, row, row + Math.max(0, position - window + 1), Float.NEGATIVE_INFINITY);
            }
        }
        return Tensors.of(mask, chosen.length, 1, each, extent);
    }

    /** The first {@code extent} rows of the chosen slots' cache, shape (M · K, T, headSize). */
    static Tensor visible(Tensor cache, Window window) {
        Tensor all = cache;
        if (window.chosen().isPresent()) {
            Tensor chosen = window.chosen().get();
            long heads = cache.size(0);
            if (window.sequences() == 1) {
                long slot = chosen.item_long();
                long each = window.rows().numel() / window.tokens();
                return cache.narrow(0, slot * each, each).narrow(1, 0, window.extent());
            }
            long each = window.rows().numel() / window.tokens() / window.sequences();
            all = cache.view(heads / each, each, cache.size(1), cache.size(2)).narrow(2, 0, window.extent())
                    .index_select(0, chosen);
            return all.view(window.sequences() * each, window.extent(), cache.size(2));
        }
        return all.narrow(1, 0, window.extent());
    }

    @Override
    public void close() {
        owned.close();
    }
}
