package dev.attune.server.chat;

import dev.attune.engine.model.ModelRef;
import dev.attune.engine.sample.TokenLogprobs;
import dev.attune.server.models.Generations;
import dev.attune.server.models.ModelCatalog;
import dev.attune.server.protocol.ApiException;
import dev.attune.server.protocol.Request;
import dev.attune.server.protocol.Response;
import dev.attune.server.protocol.Route;
import dev.attune.server.store.Ids;
import dev.attune.server.store.Times;
import dev.attune.text.ChatEncoder;
import dev.attune.text.TokenBytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** {@code POST /v1/completions}: a text or tokens go on, without a chat template. */
public final class CompletionsApi {
    private final ModelCatalog models;
    private final Generations generations;
    private final Fingerprints fingerprints = new Fingerprints();

    public CompletionsApi(ModelCatalog models, Generations generations) {
        this.models = models;
        this.generations = generations;
    }

    public List<Route> routes() {
        return List.of(Route.post("/v1/completions", this::complete));
    }

    private Response complete(Request request) throws IOException {
        CompletionRequest wanted = CompletionRequest.of(request.fields(ChatApi.MAX_BODY_BYTES));
        ModelRef model = models.speaker(wanted.model());
        ChatEncoder encoder = generations.encoder(model);
        SamplingFields.requireTokens(wanted.options(), encoder.tokenizer().vocabularySize());
        var prompts = new ArrayList<CompletionTurn.Prompt>();
        for (CompletionRequest.Prompt prompt : wanted.prompts()) {
            prompts.add(prompt(prompt, wanted, model, encoder));
        }
        var asks = new ArrayList<Answers.Ask>();
        for (CompletionTurn.Prompt prompt : prompts) {
            for (int i = 0; i < wanted.candidates() && wanted.maxTokens() > 0; i++) {
                asks.add(new Answers.Ask(prompt.ids(), wanted.options().withSeed(wanted.options().seed() + i)));
            }
        }
        var head = new AnswerHead(Ids.next("cmpl-"), Times.nowSeconds(), wanted.model(), fingerprints.of(model));
        return new CompletionTurn(wanted, prompts, head, new TokenWriter(encoder.tokenBytes()))
                .answer(request, () -> new Answers(generations, model, asks));
    }

    private CompletionTurn.Prompt prompt(CompletionRequest.Prompt prompt, CompletionRequest wanted, ModelRef model,
            ChatEncoder encoder) {
        int end = encoder.tokenizer().idOf("<|endoftext|>");
        int[] ids = prompt.ids(encoder.tokenizer(), end >= 0 ? end : encoder.stopTokens().iterator().next());
        int context = generations.contextLength(model);
        if (ids.length + Math.min(1, wanted.maxTokens()) > context || ids.length == 0) {
            throw ChatApi.contextExceeded(context, ids.length, "prompt");
        }
        TokenBytes bytes = encoder.tokenBytes();
        for (int id : ids) {
            if (id < 0 || id >= bytes.size()) {
                throw ApiException
                        .badRequest("Invalid 'prompt': " + id + " is not a token of this model; its tokens are"
                                + " 0 to " + (bytes.size() - 1) + ".", "prompt", "invalid_token");
            }
        }
        boolean scored = wanted.echo() && wanted.alternatives() >= 0;
        List<TokenLogprobs> scores = scored && ids.length > 1
                ? score(model, ids, wanted.alternatives())
                : List.of();
        String text = !wanted.echo()
                ? ""
                : prompt instanceof CompletionRequest.Prompt.Text(String given)
                        ? given
                        : encoder.tokenizer().decode(ids, false);
        return new CompletionTurn.Prompt(ids, text, scores);
    }

    private List<TokenLogprobs> score(ModelRef model, int[] ids, int alternatives) {
        try {
            return generations.score(model, ids, alternatives).get();
        } catch (ExecutionException e) {
            throw Delivery.failure(e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Delivery.stopping();
        }
    }
}
