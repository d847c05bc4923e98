package dev.attune.server;

import dev.attune.engine.Generation;
import dev.attune.engine.ModelRef;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * One answer on its way from the generating thread to the client's. The model never waits for a slow client; when the
 * client has gone, the model stops.
 */
final class ChatStream {
    private final int choice;
    private final LinkedBlockingQueue<Optional<String>> deltas = new LinkedBlockingQueue<>();
    private final CompletableFuture<Generation> generation;
    private volatile boolean clientGone;
    private Optional<Optional<String>> first = Optional.empty();

    ChatStream(Generations generations, ModelRef model, ChatRequest chat, int[] prompt, int choice) {
        this.choice = choice;
        this.generation = generations.start(model, prompt, chat.options(choice), this::offer);
        var unused = generation.whenComplete((said, failure) -> deltas.add(Optional.empty()));
    }

    /**
     * Waits for the first piece.
     *
     * @throws ApiException where there will be none
     */
    void awaitBeginning() {
        Optional<String> beginning = take();
        first = Optional.of(beginning);
        if (beginning.isEmpty() && generation.isCompletedExceptionally()) {
            ChatApi.await(generation);
        }
    }

    /**
     * Writes all frames of this answer.
     *
     * @return how many tokens it has
     * @throws IOException where the client has gone
     */
    int writeTo(ChatFrames frames) throws IOException {
        try {
            frames.role(choice);
            for (var delta = first.orElseGet(this::take); delta.isPresent(); delta = take()) {
                frames.text(choice, delta.get());
            }
            Generation said = ChatApi.await(generation);
            frames.finish(choice, ChatApi.finish(said));
            return said.completionTokens();
        } catch (IOException e) {
            clientGone = true;
            throw e;
        }
    }

    private boolean offer(String delta) {
        if (!delta.isEmpty()) {
            deltas.add(Optional.of(delta));
        }
        return !clientGone;
    }

    /** The next piece; empty at the end. */
    private Optional<String> take() {
        try {
            return deltas.take();
        } catch (InterruptedException e) {
            clientGone = true;
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
