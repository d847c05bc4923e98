package dev.attune.server.chat;

import dev.attune.engine.sample.FinishReason;
import dev.attune.engine.sample.Generation;
import dev.attune.engine.sample.TokenLogprobs;
import dev.attune.server.protocol.Json;
import dev.attune.server.protocol.Request;
import dev.attune.server.protocol.Response;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One completion being answered, in one piece or as a stream. Used once. */
record CompletionTurn(CompletionRequest wanted, List<Prompt> prompts, AnswerHead head, TokenWriter writer) {

    /**
     * What is continued.
     *
     * @param text what is told of it before the answer; empty where it is not to be echoed
     * @param scores how likely each of its tokens was but the first, where that is asked for
     */
    record Prompt(int[] ids, String text, List<TokenLogprobs> scores) {}

    Response answer(Request request, Supplier<Answers> start) throws IOException {
        if (wanted.stream()) {
            return Delivery.stream(request, start.get(), Streamed::new);
        }
        var all = new Generation[prompts.size() * wanted.candidates()];
        if (wanted.maxTokens() > 0) {
            Delivery.whole(request, start.get(), new Delivery.Listener() {
                @Override
                public boolean more(Answers.Said.More more) {
                    return true;
                }

                @Override
                public void end(Answers.Said.End end) {
                    all[end.answer()] = end.generation();
                }
            });
        }
        var choices = new ArrayList<CompletionWire.TextChoice>();
        int tokens = 0;
        for (int prompt = 0; prompt < prompts.size(); prompt++) {
            var candidates = new ArrayList<Generation>();
            for (int i = 0; i < wanted.candidates(); i++) {
                Generation said = all[prompt * wanted.candidates() + i];
                candidates.add(said == null ? nothing(prompts.get(prompt)) : said);
            }
            tokens += candidates.stream().mapToInt(Generation::completionTokens).sum();
            if (wanted.candidates() > wanted.choices()) {
                candidates.sort(Comparator.comparingDouble(CompletionTurn::perToken).reversed());
            }
            for (Generation said : candidates.subList(0, wanted.choices())) {
                choices.add(choice(choices.size(), prompts.get(prompt), said));
            }
        }
        return Response.of(CompletionWire.TextCompletion.of(head, choices, usage(tokens)));
    }

    private CompletionWire.TextChoice choice(int index, Prompt prompt, Generation said) {
        var tables = new TokenTables(writer);
        CompletionWire.TokenTable table = null;
        if (wanted.alternatives() >= 0) {
            var tokens = new ArrayList<>(prompt.scores());
            tokens.addAll(said.tokens());
            table = tables.of(wanted.echo() ? prompt.ids()[0] : -1, tokens, wanted.alternatives() > 0);
        }
        return new CompletionWire.TextChoice(prompt.text() + said.text(), index, table, finish(said));
    }

    private static Generation nothing(Prompt prompt) {
        return new Generation("", prompt.ids().length, 0, FinishReason.LENGTH, List.of());
    }

    private static double perToken(Generation said) {
        return said.tokens().stream().mapToDouble(token -> token.chosen().value()).average().orElse(0);
    }

    private static String finish(Generation said) {
        return said.finishReason() == FinishReason.LENGTH ? "length" : "stop";
    }

    private ChatWire.Usage usage(int completionTokens) {
        return ChatWire.Usage.of(prompts.stream().mapToInt(prompt -> prompt.ids().length).sum(), completionTokens);
    }

    /** Writes the answers while they grow. */
    private final class Streamed implements Delivery.Listener {
        private final Response.EventSink sink;
        private final List<TokenTables> tables = new ArrayList<>();
        private int tokens;

        Streamed(Response.EventSink sink) {
            this.sink = sink;
        }

        @Override
        public void begin() throws IOException {
            for (int i = 0; i < prompts.size() * wanted.choices(); i++) {
                Prompt prompt = prompts.get(i / wanted.choices());
                tables.add(new TokenTables(writer));
                if (wanted.echo()) {
                    send(i, prompt.text(), table(i, prompt.ids()[0], prompt.scores()), null);
                }
            }
        }

        @Override
        public boolean more(Answers.Said.More more) throws IOException {
            send(more.answer(), more.piece().text(), table(more.answer(), -1, more.piece().tokens()), null);
            return true;
        }

        @Override
        public void end(Answers.Said.End end) throws IOException {
            tokens += end.generation().completionTokens();
            send(end.answer(), "", null, finish(end.generation()));
        }

        @Override
        public void done() throws IOException {
            for (int i = 0; i < tables.size() && wanted.maxTokens() == 0; i++) {
                send(i, "", null, "length");
            }
            if (wanted.includeUsage()) {
                sink.send(Json.text(CompletionWire.TextCompletion.of(head, List.of(), usage(tokens))));
            }
            sink.send("[DONE]");
        }

        private CompletionWire.@Nullable TokenTable table(int answer, int first, List<TokenLogprobs> some) {
            return wanted.alternatives() < 0 ? null : tables.get(answer).of(first, some, wanted.alternatives() > 0);
        }

        private void send(int index, String text, CompletionWire.@Nullable TokenTable table, @Nullable String finish)
                throws IOException {
            sink.send(Json.text(CompletionWire.TextCompletion.of(head,
                    List.of(new CompletionWire.TextChoice(text, index, table, finish)), null)));
        }
    }
}
