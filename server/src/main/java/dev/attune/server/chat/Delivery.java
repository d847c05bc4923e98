package dev.attune.server.chat;

import dev.attune.engine.EngineException;
import dev.attune.server.protocol.ApiError;
import dev.attune.server.protocol.ApiException;
import dev.attune.server.protocol.ClientGoneException;
import dev.attune.server.protocol.ClientWatch;
import dev.attune.server.protocol.Json;
import dev.attune.server.protocol.Request;
import dev.attune.server.protocol.Response;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings answers to the client that waits for them, and ends them when it has hung up. A stream begins with its first
 * piece, so that what cannot be said at all is still an error with its status; where that takes long, it begins without,
 * and comments keep the connection alive.
 */
final class Delivery {
    private static final Logger log = LoggerFactory.getLogger(Delivery.class);
    private static final Duration GLANCE = Duration.ofMillis(200);
    private static final long FIRST_NANOS = Duration.ofSeconds(5).toNanos();
    private static final long QUIET_NANOS = Duration.ofSeconds(10).toNanos();

    private Delivery() {}

    /** Who takes what is said, on the request's thread. */
    interface Listener {
        /** Before all else. */
        default void begin() throws IOException {}

        /** More of an answer; false where no more of it is wanted. */
        boolean more(Answers.Said.More more) throws IOException;

        /** The end of an answer. */
        void end(Answers.Said.End end) throws IOException;

        /** After the last answer. */
        default void done() throws IOException {}
    }

    /** Makes the listener of a stream, once there is something to write to. */
    interface Streaming {
        Listener to(Response.EventSink sink);
    }

    /**
     * Waits for the end of all answers.
     *
     * @throws ApiException where one fails
     * @throws ClientGoneException where the client has hung up
     */
    static void whole(Request request, Answers answers, Listener listener) throws IOException {
        try (answers; ClientWatch client = request.watchClient()) {
            while (answers.open() > 0) {
                Optional<Answers.Said> said = next(answers);
                if (client.isGone()) {
                    throw new ClientGoneException();
                }
                if (said.isPresent()) {
                    pass(said.get(), answers, listener);
                }
            }
        }
    }

    /**
     * The response that streams all answers.
     *
     * @throws ApiException where the first one fails before it begins
     * @throws ClientGoneException where the client has hung up
     */
    static Response stream(Request request, Answers answers, Streaming streaming) throws IOException {
        Optional<Answers.Said> first = Optional.empty();
        boolean begun = false;
        try (ClientWatch client = request.watchClient()) {
            long began = System.nanoTime();
            while (answers.open() > 0 && first.isEmpty() && System.nanoTime() - began < FIRST_NANOS) {
                first = next(answers);
                if (first.isEmpty() && client.isGone()) {
                    throw new ClientGoneException();
                }
            }
            if (first.orElse(null) instanceof Answers.Said.Failed(Throwable why)) {
                throw failure(why);
            }
            begun = true;
        } finally {
            if (!begun) {
                answers.close();
            }
        }
        Optional<Answers.Said> beginning = first;
        return new Response.Events(sink -> write(request, answers, beginning, streaming.to(sink), sink));
    }

    private static void write(Request request, Answers answers, Optional<Answers.Said> first, Listener listener,
            Response.EventSink sink) throws IOException {
        try (answers; ClientWatch client = request.watchClient()) {
            listener.begin();
            long written = System.nanoTime();
            for (Optional<Answers.Said> said = first;; said = next(answers)) {
                if (answers.open() == 0 && said.isEmpty()) {
                    listener.done();
                    return;
                }
                if (client.isGone()) {
                    throw new ClientGoneException();
                }
                if (said.isPresent()) {
                    pass(said.get(), answers, listener);
                    written = System.nanoTime();
                } else if (System.nanoTime() - written > QUIET_NANOS) {
                    sink.comment("still working");
                    written = System.nanoTime();
                }
                if (answers.open() == 0) {
                    listener.done();
                    return;
                }
            }
        } catch (ApiException e) {
            sink.send(Json.text(e.error().envelope()));
        }
    }

    private static void pass(Answers.Said said, Answers answers, Listener listener) throws IOException {
        switch (said) {
            case Answers.Said.More more -> {
                if (!listener.more(more)) {
                    answers.stop(more.answer());
                }
            }
            case Answers.Said.End end -> listener.end(end);
            case Answers.Said.Failed(Throwable why) -> throw failure(why);
        }
    }

    private static Optional<Answers.Said> next(Answers answers) {
        try {
            return answers.next(GLANCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw stopping();
        }
    }

    static ApiException stopping() {
        return new ApiException(503, new ApiError("The server is stopping; try again in a moment.", "server_error",
                null, "server_stopping"));
    }

    /** What the engine says about a model that cannot speak is passed on. */
    static ApiException failure(Throwable why) {
        log.error("an answer failed", why);
        String message = why instanceof EngineException
                ? String.valueOf(why.getMessage())
                : "The server had an error while answering.";
        return new ApiException(500, new ApiError(message, "server_error", null, null));
    }
}
