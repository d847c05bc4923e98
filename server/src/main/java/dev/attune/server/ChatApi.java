package dev.attune.server;

import dev.attune.engine.EngineException;
import dev.attune.engine.FinishReason;
import dev.attune.engine.Generation;
import dev.attune.engine.ModelRef;
import dev.attune.engine.TextListener;
import dev.attune.text.TextException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /v1/chat/completions}, in one piece or as a stream. */
final class ChatApi {
    private static final Logger log = LoggerFactory.getLogger(ChatApi.class);
    private static final int MAX_BODY_BYTES = 32 << 20;

    private final ModelCatalog models;
    private final Generations generations;

    ChatApi(ModelCatalog models, Generations generations) {
        this.models = models;
        this.generations = generations;
    }

    List<Route> routes() {
        return List.of(Route.post("/v1/chat/completions", this::complete));
    }

    private Response complete(Request request) throws IOException {
        ChatRequest chat = ChatRequest.of(request.fields(MAX_BODY_BYTES));
        ModelRef model = models.speaker(chat.model());
        int[] prompt = prompt(model, chat);
        if (!chat.stream()) {
            return Response.of(whole(model, chat, prompt));
        }
        // The first piece is awaited here, so that a model that cannot be loaded is still an error with its status.
        var first = new ChatStream(generations, model, chat, prompt, 0);
        first.awaitBeginning();
        return new Response.Events(sink -> stream(model, chat, prompt, first, sink));
    }

    private int[] prompt(ModelRef model, ChatRequest chat) {
        int[] prompt;
        try {
            prompt = generations.encoder(model).prompt(chat.conversation());
        } catch (TextException e) {
            throw ApiException.badRequest(String.valueOf(e.getMessage()), "messages");
        }
        int context = generations.contextLength(model);
        if (prompt.length >= context) {
            throw ApiException.badRequest("This model's maximum context length is " + context
                    + " tokens. However, your messages resulted in " + prompt.length
                    + " tokens. Please reduce the length of the messages.", "messages", "context_length_exceeded");
        }
        return prompt;
    }

    private Wire.Completion whole(ModelRef model, ChatRequest chat, int[] prompt) {
        var running = new ArrayList<CompletableFuture<Generation>>();
        for (int i = 0; i < chat.choices(); i++) {
            running.add(generations.start(model, prompt, chat.options(i), TextListener.NONE));
        }
        var choices = new ArrayList<Wire.Choice>();
        int completionTokens = 0;
        for (CompletableFuture<Generation> one : running) {
            Generation said = await(one);
            completionTokens += said.completionTokens();
            choices.add(new Wire.Choice(choices.size(), new Wire.ReplyMessage("assistant", said.text(), null), null,
                    finish(said)));
        }
        return new Wire.Completion(Ids.next("chatcmpl-"), "chat.completion", Times.nowSeconds(), chat.model(), choices,
                usage(prompt.length, completionTokens));
    }

    private void stream(ModelRef model, ChatRequest chat, int[] prompt, ChatStream first, Response.EventSink sink)
            throws IOException {
        var frames = new ChatFrames(Ids.next("chatcmpl-"), Times.nowSeconds(), chat.model(), chat.includeUsage(), sink);
        int completionTokens = 0;
        try {
            for (int i = 0; i < chat.choices(); i++) {
                ChatStream one = i == 0 ? first : new ChatStream(generations, model, chat, prompt, i);
                completionTokens += one.writeTo(frames);
            }
            frames.end(usage(prompt.length, completionTokens));
        } catch (ApiException e) {
            sink.send(Json.text(e.error().envelope()));
        } catch (EngineException e) {
            log.error("a streamed answer failed", e);
            sink.send(Json.text(failure(e).error().envelope()));
        }
    }

    static String finish(Generation said) {
        return said.finishReason() == FinishReason.LENGTH ? "length" : "stop";
    }

    /** Waits for an answer; what the engine says about a model that cannot speak is passed on. */
    static Generation await(CompletableFuture<Generation> running) {
        try {
            return running.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApiException(503, new ApiError("The server is stopping; try again in a moment.", "server_error",
                    null, "server_stopping"));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof EngineException engine) {
                log.error("an answer failed", engine);
                throw failure(engine);
            }
            throw new IllegalStateException("an answer failed", e.getCause());
        }
    }

    private static ApiException failure(EngineException e) {
        return new ApiException(500, new ApiError(String.valueOf(e.getMessage()), "server_error", null, null));
    }

    private static Wire.Usage usage(int prompt, int completion) {
        return new Wire.Usage(prompt, completion, prompt + completion);
    }
}
