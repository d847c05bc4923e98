package dev.attune.workflow;

import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionTokenLogprob;
import dev.attune.evals.score.Answer.Token;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * What could have stood at the end of an answer, of the log probabilities that a server tells. Only the last tokens and
 * choices of at least a thousandth are kept: a grade stands in the last line, and a journal of all would be mostly this.
 */
final class TokenChoices {
    private static final int LAST = 24;
    private static final double LEAST = 0.001;

    private TokenChoices() {}

    static List<Token> ending(ChatCompletion.Choice choice) {
        List<ChatCompletionTokenLogprob> tokens = choice._logprobs().asKnown()
                .flatMap(logprobs -> logprobs._content().asKnown()).orElse(List.of());
        return tokens.subList(Math.max(0, tokens.size() - LAST), tokens.size()).stream().map(TokenChoices::token)
                .toList();
    }

    private static Token token(ChatCompletionTokenLogprob token) {
        var choices = new LinkedHashMap<String, Double>();
        for (var choice : token._topLogprobs().asKnown().orElse(List.of())) {
            double p = Math.exp(choice._logprob().asKnown().orElse(Double.NEGATIVE_INFINITY));
            if (p >= LEAST) {
                choices.put(WireValues.text(choice._token()), p);
            }
        }
        String text = WireValues.text(token._token());
        choices.putIfAbsent(text, Math.exp(token._logprob().asKnown().orElse(Double.NEGATIVE_INFINITY)));
        return new Token(text, choices);
    }
}
