package dev.attune.server.chat;

import dev.attune.engine.model.ModelRef;
import dev.attune.engine.sample.Generation;
import dev.attune.engine.sample.Piece;
import dev.attune.engine.sample.SamplingOptions;
import dev.attune.server.models.Generations;
import dev.attune.server.protocol.ApiException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Several answers on their way from the generating threads to the one that serves a client, in the order in which their
 * pieces are made. The models never wait for a slow client; closing ends what is still being said. Read by one thread.
 */
final class Answers implements AutoCloseable {
    private final LinkedBlockingQueue<Said> said = new LinkedBlockingQueue<>();
    private final AtomicIntegerArray unwanted;
    private int open;

    /** What one answer goes on from, and how. */
    record Ask(int[] prompt, SamplingOptions options) {}

    /** What was said. */
    sealed interface Said {
        /** More of an answer. */
        record More(int answer, Piece piece) implements Said {}

        /** The end of an answer. */
        record End(int answer, Generation generation) implements Said {}

        /** Why an answer has no end. */
        record Failed(Throwable why) implements Said {}
    }

    /**
     * Starts all answers.
     *
     * @throws ApiException 429 where too many others are waiting
     */
    Answers(Generations generations, ModelRef model, List<Ask> asks) {
        unwanted = new AtomicIntegerArray(asks.size());
        open = asks.size();
        generations.reserve(asks.size());
        for (int i = 0; i < asks.size(); i++) {
            int answer = i;
            var running = generations.startReserved(model, asks.get(i).prompt(), asks.get(i).options(),
                    piece -> offer(answer, piece));
            var unused = running.whenComplete((generation, failure) -> said.add(failure == null
                    ? new Said.End(answer, generation)
                    : new Said.Failed(failure instanceof CompletionException && failure.getCause() != null
                            ? failure.getCause()
                            : failure)));
        }
    }

    /** How many answers have not come to their end. */
    int open() {
        return open;
    }

    /** The next that is said; empty where nothing was within the time. */
    Optional<Said> next(Duration patience) throws InterruptedException {
        Said next = said.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        if (next instanceof Said.End) {
            open--;
        }
        return Optional.ofNullable(next);
    }

    /** Ends one answer: enough was said. */
    void stop(int answer) {
        unwanted.set(answer, 1);
    }

    @Override
    public void close() {
        for (int i = 0; i < unwanted.length(); i++) {
            stop(i);
        }
    }

    private boolean offer(int answer, Piece piece) {
        if (unwanted.get(answer) != 0) {
            return false;
        }
        if (!piece.text().isEmpty() || !piece.tokens().isEmpty()) {
            said.add(new Said.More(answer, piece));
        }
        return true;
    }
}
