package dev.attune.engine.sample;

import dev.attune.engine.config.ModelConfig;
import dev.attune.engine.model.CausalLm;
import dev.attune.engine.model.DecodeSession;
import dev.attune.engine.model.LoraAdapter;
import dev.attune.engine.tensor.SharedPool;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * One model, base or tuned, ready to write several texts at a time: a group of texts for each core. Thread-safe; whoever
 * makes it closes it, after the last text.
 */
public final class Voice implements AutoCloseable {
    /** Memory of one group's keys and values. */
    public static final long GROUP_BYTES = 64L << 20;

    private final SharedPool.Lease<CausalLm> base;
    private final Optional<LoraAdapter> adapter;
    private final int groupCapacity;
    private final int groupsAtMost;
    private final List<DecodeGroup> groups = new ArrayList<>();

    /**
     * @param base given back on close
     * @param adapter closed on close
     * @param groupsAtMost groups that are made as they are needed
     */
    Voice(SharedPool.Lease<CausalLm> base, Optional<LoraAdapter> adapter, int groupsAtMost) {
        this.base = base;
        this.adapter = adapter;
        this.groupsAtMost = groupsAtMost;
        ModelConfig config = base.value().config();
        long bytesPerToken = 2L * 4 * config.layers() * config.keyValueHeads() * config.headSize() * DecodeGroup.SEATS;
        this.groupCapacity = (int) Math.min(config.maxPositions(), GROUP_BYTES / bytesPerToken);
    }

    int contextLength() {
        return base.value().config().maxPositions();
    }

    /**
     * A place to write a text. Which kind follows from the length alone: long ones have a cache of their own.
     *
     * @param tokens most tokens of the text, prompt and completion together
     */
    Decoding write(int tokens) {
        return tokens <= groupCapacity
                ? join().orElseGet(() -> Decoding.alone(base.value(), adapter, tokens))
                : Decoding.alone(base.value(), adapter, tokens);
    }

    /** How likely each token is after those before it; one for each token but the first. */
    List<TokenLogprobs> score(int[] tokens, int vocabulary, int alternatives) {
        var scores = new ArrayList<TokenLogprobs>();
        try (DecodeSession session = base.value().decode(adapter, 1, tokens.length)) {
            session.appendAll(0, tokens, (logits, at) -> {
                if (at + 1 < tokens.length) {
                    scores.add(TokenLogprobs.of(logits, vocabulary, tokens[at + 1], alternatives));
                }
            });
        }
        return scores;
    }

    private synchronized Optional<Decoding> join() {
        Optional<DecodeGroup> smallest = groups.stream().min(Comparator.comparingInt(DecodeGroup::company));
        if (groups.size() < groupsAtMost && smallest.map(group -> group.company() > 0).orElse(true)) {
            var group = new DecodeGroup(base.value(), adapter, groupCapacity);
            groups.add(group);
            return group.join();
        }
        return smallest.flatMap(DecodeGroup::join);
    }

    @Override
    public void close() {
        groups.forEach(DecodeGroup::close);
        adapter.ifPresent(LoraAdapter::close);
        base.close();
    }
}
