package dev.attune.engine.sample;

import dev.attune.engine.EngineException;
import dev.attune.engine.config.ModelConfig;
import dev.attune.engine.model.CausalLm;
import dev.attune.engine.model.LoraAdapter;
import dev.attune.engine.model.ModelRef;
import dev.attune.engine.tensor.NativeThreads;
import dev.attune.engine.tensor.SharedPool;

import dev.attune.text.ChatEncoder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/**
 * The models that are held ready to speak. Each base model is loaded once, an adapter adds only its low-rank factors,
 * and those least lately used make room for others. Thread-safe: some generations for each core run at a time, each on
 * its caller's thread and those of one model step by step together; further ones wait. The same model, prompt, options
 * and seed give the same text, whatever else is being generated. Whoever makes it closes it, when no generation runs any
 * more.
 */
public final class ModelHost implements AutoCloseable {
    private static final int CORES = Runtime.getRuntime().availableProcessors();
    private static final int MOST_GROUPS = 8;
    private static final int BASES_HELD = 1;
    private static final int VOICES_HELD = 4;

    private final SharedPool<Path, CausalLm> bases = new SharedPool<>(BASES_HELD, ModelHost::loadBase);
    private final SharedPool<ModelRef, Voice> voices = new SharedPool<>(VOICES_HELD, this::loadVoice);
    private final Map<Path, ChatEncoder> encoders = new ConcurrentHashMap<>();
    private final Queue<ChatEncoder> retired = new ConcurrentLinkedQueue<>();
    private final Semaphore turns = new Semaphore(concurrency(), true);

    /** How many generations run at a time. */
    public static int concurrency() {
        return Math.min(CORES, MOST_GROUPS) * DecodeGroup.SEATS;
    }

    private static CausalLm loadBase(Path directory) {
        // One thread a step: the products of a few tokens are too small to share, and steps run abreast.
        NativeThreads.use(1);
        return CausalLm.load(directory);
    }

    private Voice loadVoice(ModelRef model) {
        SharedPool.Lease<CausalLm> base = bases.take(model.base());
        try {
            Optional<LoraAdapter> adapter = model.adapter().isEmpty()
                    ? Optional.empty()
                    : Optional.of(LoraAdapter.load(Path.of(model.adapter()), base.value().config(), false));
            return new Voice(base, adapter, Math.min(CORES, MOST_GROUPS));
        } catch (RuntimeException e) {
            base.close();
            throw e;
        }
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
        try (var voice = voices.take(model)) {
            return generate(voice.value(), encoder, prompt, options, listener);
        } finally {
            turns.release();
        }
    }

    private static Generation generate(Voice voice, ChatEncoder encoder, int[] prompt, SamplingOptions options,
            TextListener listener) {
        int context = voice.contextLength();
        if (prompt.length == 0 || prompt.length >= context) {
            throw new EngineException("The prompt has " + prompt.length + " tokens, but the model's context holds "
                    + context + " and needs room for an answer: shorten the messages.");
        }
        int room = context - prompt.length;
        int most = options.maxTokens() == 0 ? room : Math.min(room, options.maxTokens());
        try (Decoding decoding = voice.write(prompt.length + most)) {
            return new Speech(decoding, encoder, options, listener).speak(prompt, most);
        }
    }

    /**
     * How likely each token of a text is after those before it.
     *
     * @param tokens at least one, at most the context
     * @return one for each token but the first, which nothing stands before
     */
    public List<TokenLogprobs> score(ModelRef model, int[] tokens, int alternatives) {
        int vocabulary = encoder(model).tokenizer().vocabularySize();
        turns.acquireUninterruptibly();
        NativeThreads.flushTinyNumbers();
        try (var voice = voices.take(model)) {
            return voice.value().score(tokens, vocabulary, alternatives);
        } finally {
            turns.release();
        }
    }

    /** Forgets a model whose files have changed or are to be removed; for a base alone, its adapters too. */
    public void evict(ModelRef model) {
        if (model.adapter().isEmpty()) {
            voices.evict(key -> key.base().equals(model.base()));
            bases.evict(model.base()::equals);
            ChatEncoder encoder = encoders.remove(model.base());
            if (encoder != null) {
                retired.add(encoder);
            }
        } else {
            voices.evict(model::equals);
        }
    }

    @Override
    public void close() {
        voices.close();
        bases.close();
        encoders.values().forEach(ChatEncoder::close);
        encoders.clear();
        retired.forEach(ChatEncoder::close);
        retired.clear();
    }
}
