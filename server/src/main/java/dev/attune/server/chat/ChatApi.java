package dev.attune.server.chat;

import dev.attune.engine.model.ModelRef;
import dev.attune.engine.sample.SamplingOptions;
import dev.attune.server.models.Generations;
import dev.attune.server.models.ModelCatalog;
import dev.attune.server.protocol.ApiException;
import dev.attune.server.protocol.Fields;
import dev.attune.server.protocol.Json;
import dev.attune.server.protocol.Request;
import dev.attune.server.protocol.Response;
import dev.attune.server.protocol.Route;
import dev.attune.server.store.Ids;
import dev.attune.server.store.Times;
import dev.attune.text.ChatEncoder;
import dev.attune.text.Conversation;
import dev.attune.text.TextException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** {@code POST /v1/chat/completions}, in one piece or as a stream. */
public final class ChatApi {
    static final int MAX_BODY_BYTES = 32 << 20;

    private final ModelCatalog models;
    private final Generations generations;
    private final StoredCompletions stored;
    private final Fingerprints fingerprints = new Fingerprints();

    public ChatApi(ModelCatalog models, Generations generations, StoredCompletions stored) {
        this.models = models;
        this.generations = generations;
        this.stored = stored;
    }

    public List<Route> routes() {
        return List.of(Route.post("/v1/chat/completions", this::complete));
    }

    private Response complete(Request request) throws IOException {
        ObjectNode body = Json.requestObject(request.bodyBytes(MAX_BODY_BYTES));
        ChatRequest chat = ChatRequest.of(new Fields(body, ""));
        ChatTurn turn = turn(chat, body);
        return turn.answer(request);
    }

    private ChatTurn turn(ChatRequest chat, ObjectNode body) {
        ModelRef model = models.speaker(chat.model());
        ChatEncoder encoder = generations.encoder(model);
        SamplingFields.requireTokens(chat.options(), encoder.tokenizer().vocabularySize());
        ToolPlan plan = ToolPlan.of(chat.tools(), encoder.template(), chat.model());
        int[] prompt = prompt(encoder, chat, generations.contextLength(model));
        SamplingOptions options = shaped(chat.options(), plan);
        var asks = new ArrayList<Answers.Ask>();
        for (int choice = 0; choice < chat.choices(); choice++) {
            asks.add(new Answers.Ask(prompt, options.withSeed(options.seed() + choice)));
        }
        var head = new AnswerHead(Ids.next("chatcmpl-"), Times.nowSeconds(), chat.model(), fingerprints.of(model));
        return new ChatTurn(chat, plan, head, prompt.length, new TokenWriter(encoder.tokenBytes()),
                () -> new Answers(generations, model, asks),
                whole -> {
                    if (chat.stored()) {
                        stored.keep(whole, chat, body);
                    }
                });
    }

    private static SamplingOptions shaped(SamplingOptions options, ToolPlan plan) {
        return new SamplingOptions(options.maxTokens(), options.temperature(), options.topP(), options.seed(),
                options.stop(), options.steering(), plan.shape(options.shape()), options.alternatives());
    }

    private static int[] prompt(ChatEncoder encoder, ChatRequest chat, int context) {
        int[] prompt;
        try {
            prompt = encoder.prompt(new Conversation(chat.messages(), chat.tools().offered()));
        } catch (TextException e) {
            throw ApiException.badRequest(String.valueOf(e.getMessage()), "messages");
        }
        if (prompt.length >= context) {
            throw contextExceeded(context, prompt.length, "messages");
        }
        return prompt;
    }

    static ApiException contextExceeded(int context, int tokens, String param) {
        return ApiException.badRequest("This model's maximum context length is " + context
                + " tokens. However, your " + param + " resulted in " + tokens
                + " tokens. Please reduce the length of the " + param + ".", param, "context_length_exceeded");
    }
}
