package dev.attune.engine;

import dev.attune.text.ChatEncoder;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/**
 * The models that are held ready to speak. Each base model is loaded once, an adapter adds only its low-rank factors,
 * and those least lately used make room for others. Thread-safe: as many generations run at a time as there are cores,
 * each on a thread of its own, and further ones wait. Whoever makes it closes it, when no generation runs any more.
 */
public final class ModelHost implements AutoCloseable {
    private static final int BASES_HELD = 2;
    private static final int ADAPTERS_HELD = 32;

    private final SharedPool<Path, CausalLm> bases = new SharedPool<>(BASES_HELD, ModelHost::loadBase);
    private final SharedPool<ModelRef, LoraAdapter> adapters = new SharedPool<>(ADAPTERS_HELD, ModelHost::loadAdapter);
    private final Map<Path, ChatEncoder> encoders = new ConcurrentHashMap<>();
    private final Queue<ChatEncoder> retired = new ConcurrentLinkedQueue<>();
    private final Semaphore turns;

    public ModelHost() {
        turns = new Semaphore(Runtime.getRuntime().availableProcessors(), true);
    }

    private static CausalLm loadBase(Path directory) {
        // One thread a generation: the products of a single token are too small to share, and generations run abreast.
        NativeThreads.use(1);
        return CausalLm.load(directory);
    }

    private static LoraAdapter loadAdapter(ModelRef model) {
        return LoraAdapter.load(Path.of(model.adapter()), ModelConfig.read(model.base()), false);
    }

    /**
     * The tokenizer and chat template of a model; closed by this host.
     *
     * @throws EngineException where the directory is not a model
     */
    public ChatEncoder encoder(ModelRef model) {
        return encoders.computeIfAbsent(model.base(), ChatEncoder::open);
    }

    /** The most tokens that prompt and completion may have together. */
    public int contextLength(ModelRef model) {
        return ModelConfig.read(model.base()).maxPositions();
    }

    /**
     * Continues a prompt until a stop token or stop text, the most tokens, or the end of the context.
     *
     * @param prompt token ids, as {@link ChatEncoder#prompt} makes them
     * @param listener told the text as it grows, on the calling thread
     * @throws EngineException where the model cannot be loaded, or the prompt is empty or leaves no room in the context
     */
    public Generation generate(ModelRef model, int[] prompt, SamplingOptions options, TextListener listener) {
        ChatEncoder encoder = encoder(model);
        turns.acquireUninterruptibly();
        NativeThreads.flushTinyNumbers();
        try (var base = bases.take(model.base())) {
            if (model.adapter().isEmpty()) {
                return generate(base.value(), Optional.empty(), encoder, prompt, options, listener);
            }
            try (var adapter = adapters.take(model)) {
                return generate(base.value(), Optional.of(adapter.value()), encoder, prompt, options, listener);
            }
        } finally {
            turns.release();
        }
    }

    private static Generation generate(CausalLm base, Optional<LoraAdapter> adapter, ChatEncoder encoder, int[] prompt,
            SamplingOptions options, TextListener listener) {
        int context = base.config().maxPositions();
        if (prompt.length == 0 || prompt.length >= context) {
            throw new EngineException("The prompt has " + prompt.length + " tokens, but the model's context holds "
                    + context + " and needs room for an answer: shorten the messages.");
        }
        int room = context - prompt.length;
        int most = options.maxTokens() == 0 ? room : Math.min(room, options.maxTokens());
        try (DecodeSession session = base.decode(adapter, 1, prompt.length + most)) {
            return new Speech(session, encoder, options, listener).speak(prompt, most);
        }
    }

    /** Forgets a model whose files have changed or are to be removed; for a base alone, its adapters too. */
    public void evict(ModelRef model) {
        if (model.adapter().isEmpty()) {
            adapters.evict(key -> key.base().equals(model.base()));
            bases.evict(model.base()::equals);
            ChatEncoder encoder = encoders.remove(model.base());
            if (encoder != null) {
                retired.add(encoder);
            }
        } else {
            adapters.evict(model::equals);
        }
    }

    @Override
    public void close() {
        adapters.close();
        bases.close();
        encoders.values().forEach(ChatEncoder::close);
        encoders.clear();
        retired.forEach(ChatEncoder::close);
        retired.clear();
    }
}
