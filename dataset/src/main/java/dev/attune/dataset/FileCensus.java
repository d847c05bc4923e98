package dev.attune.dataset;

import dev.attune.text.OpenAiTokenizer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Validates a chat file of any size and counts its tokens as OpenAI bills them, on several threads and in little memory: the
 * rules are those of {@link DatasetReader}, the counts those of {@link TokenCounter#openAi}. Plain rows are read straight
 * from the bytes, all others the thorough way.
 */
public final class FileCensus {
    private static final int CHUNK_BYTES = 4 << 20;

    private final Optional<OpenAiTokenizer> tokenizer;
    private final String model;
    private final RowRules rules;
    private final int workers;

    /**
     * @param tokenizer the tokenizer of that model; stays the caller's
     * @param model a model of OpenAI, perhaps {@code ft:…}
     * @param rules what the place takes where the file is to be trained
     * @param workers threads that read rows, 1 or more
     */
    public FileCensus(OpenAiTokenizer tokenizer, String model, RowRules rules, int workers) {
        this(Optional.of(tokenizer), model, rules, workers);
    }

    /** A census that only validates: rows and messages are counted, and all tokens are 0. */
    public static FileCensus validating(RowRules rules, int workers) {
        return new FileCensus(Optional.empty(), "", rules, workers);
    }

    private FileCensus(Optional<OpenAiTokenizer> tokenizer, String model, RowRules rules, int workers) {
        if (workers < 1) {
            throw new IllegalArgumentException("workers must be at least 1, not " + workers);
        }
        this.tokenizer = tokenizer;
        this.model = model;
        this.rules = rules;
        this.workers = workers;
    }

    /** Reads a file. One that is missing, a directory or unreadable is a problem in the counts, not an exception. */
    public FileCounts count(Path file, FilePart part) {
        var counts = new FileCounts.Gathering();
        StrictLines.open(file, counts::problem, in -> {
            if (count(in, file.toString(), counts)) {
                counts.end(file.toString(), part);
            }
        });
        return counts.done();
    }

    /** Whether the file was read to its end. */
    private boolean count(InputStream stream, String name, FileCounts.Gathering counts) throws IOException {
        var in = new BufferedInputStream(stream, 1 << 16);
        if (StrictLines.isForeign(in, name, counts::problem)) {
            return false;
        }
        ExecutorService pool = Executors.newFixedThreadPool(workers, Thread.ofPlatform().daemon().factory());
        var counters = ThreadLocal.withInitial(() -> new ChunkCensus(tokenizer, model, rules, name));
        Deque<Future<ChunkCensus.Result>> waiting = new ArrayDeque<>();
        try {
            var chunks = new LineChunks(in, CHUNK_BYTES);
            boolean going = true;
            for (var chunk = chunks.next(); chunk != null && going; chunk = chunks.next()) {
                var mine = chunk;
                waiting.add(pool.submit(() -> counters.get().count(mine)));
                if (waiting.size() > workers) {
                    going = counts.add(result(waiting.remove()));
                }
            }
            while (going && !waiting.isEmpty()) {
                going = counts.add(result(waiting.remove()));
            }
            return going;
        } finally {
            pool.shutdownNow();
        }
    }

    private static ChunkCensus.Result result(Future<ChunkCensus.Result> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DatasetException("Counting was interrupted.", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("counting a piece of the file failed", e.getCause());
        }
    }
}
