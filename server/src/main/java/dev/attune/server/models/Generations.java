package dev.attune.server.models;

import dev.attune.engine.model.ModelRef;
import dev.attune.engine.sample.Generation;
import dev.attune.engine.sample.ModelHost;
import dev.attune.engine.sample.SamplingOptions;
import dev.attune.engine.sample.TextListener;
import dev.attune.engine.sample.TokenLogprobs;
import dev.attune.server.protocol.ApiException;
import dev.attune.text.ChatEncoder;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Who lets models speak: a few platform threads, because native code would hold the carriers of virtual threads. Further
 * generations wait their turn in order, up to a limit. The engine is loaded when the first model speaks, so that a server
 * that only keeps jobs starts at once and stays small. Thread-safe.
 */
public final class Generations implements AutoCloseable {
    private static final int CONCURRENT = ModelHost.concurrency();
    private static final long CLOSE_SECONDS = 10;
    private static final long RETRY_SECONDS = 2;

    private final ExecutorService threads = Executors.newFixedThreadPool(CONCURRENT,
            Thread.ofPlatform().daemon().name("attune-generate-", 0).factory());
    private final ReentrantLock loading = new ReentrantLock();
    private final AtomicInteger places = new AtomicInteger();
    private final int most;
    private final Tokens tokens;
    private @Nullable ModelHost host;
    private volatile boolean closed;

    /** Who is told of the tokens of each generation that has ended. */
    public interface Tokens {
        /** Told on the generating thread. */
        void count(int prompt, int completion);
    }

    /** @param queue how many generations may wait */
    public Generations(int queue, Tokens tokens) {
        this.tokens = tokens;
        this.most = CONCURRENT + queue;
    }

    /** The tokenizer and chat template of a model. */
    public ChatEncoder encoder(ModelRef model) {
        return host().encoder(model);
    }

    /** The most tokens that prompt and answer can have together. */
    public int contextLength(ModelRef model) {
        return host().contextLength(model);
    }

    /** How many generations run or wait. */
    public int waiting() {
        return places.get();
    }

    /**
     * Takes places in the queue, each given back by the end of a generation that is started with it.
     *
     * @throws ApiException 429 where the queue is full
     */
    public void reserve(int count) {
        if (places.addAndGet(count) > most) {
            places.addAndGet(-count);
            throw ApiException.tooMany("The server is answering as many requests as it can, and " + (most - CONCURRENT)
                    + " more are waiting; try again in a moment.", "queue_full", RETRY_SECONDS);
        }
    }

    /** Continues a prompt as soon as it is its turn; the listener is told on the generating thread. */
    public CompletableFuture<Generation> startReserved(ModelRef model, int[] prompt, SamplingOptions options,
            TextListener listener) {
        return given(CompletableFuture.supplyAsync(() -> host().generate(model, prompt, options,
                piece -> !closed && listener.onText(piece)), threads)).whenComplete((said, failure) -> {
                    if (said != null) {
                        tokens.count(said.promptTokens(), said.completionTokens());
                    }
                });
    }

    /** How likely each token of a text is, but the first. */
    public CompletableFuture<List<TokenLogprobs>> score(ModelRef model, int[] tokens, int alternatives) {
        reserve(1);
        return given(CompletableFuture.supplyAsync(() -> host().score(model, tokens, alternatives), threads));
    }

    private <T> CompletableFuture<T> given(CompletableFuture<T> running) {
        return running.whenComplete((result, failure) -> places.decrementAndGet());
    }

    /** Forgets a model that is no longer to be spoken with. */
    void evict(ModelRef model) {
        loading.lock();
        try {
            if (host != null) {
                host.evict(model);
            }
        } finally {
            loading.unlock();
        }
    }

    /** Ends what is being said, and frees the models. */
    @Override
    public void close() {
        closed = true;
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                // Freeing a model under a running generation would take the process down; leave it to the process's end.
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        loading.lock();
        try {
            if (host != null) {
                host.close();
                host = null;
            }
        } finally {
            loading.unlock();
        }
    }

    private ModelHost host() {
        loading.lock();
        try {
            ModelHost loaded = host == null ? new ModelHost() : host;
            host = loaded;
            return loaded;
        } finally {
            loading.unlock();
        }
    }
}
