package dev.attune.server.chat;

import dev.attune.engine.sample.Logprob;
import dev.attune.engine.sample.TokenLogprobs;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes tokens as the columns of completions, one stretch after the other of one answer. Not thread-safe. */
final class TokenTables {
    private final TokenWriter writer;
    private int offset;

    TokenTables(TokenWriter writer) {
        this.writer = writer;
    }

    /** The columns of some tokens. @param first a token that nothing stands before, or −1 */
    CompletionWire.TokenTable of(int first, List<TokenLogprobs> tokens, boolean tops) {
        var texts = new ArrayList<String>();
        var logprobs = new ArrayList<@Nullable Double>();
        var likeliest = new ArrayList<@Nullable Map<String, Double>>();
        var offsets = new ArrayList<Integer>();
        if (first >= 0) {
            add(first, texts, offsets);
            logprobs.add(null);
            likeliest.add(null);
        }
        for (TokenLogprobs token : tokens) {
            add(token.chosen().token(), texts, offsets);
            logprobs.add(TokenWriter.finite(token.chosen().value()));
            likeliest.add(tops ? top(token) : Map.of());
        }
        return new CompletionWire.TokenTable(texts, logprobs, likeliest, offsets);
    }

    private void add(int token, List<String> texts, List<Integer> offsets) {
        String text = writer.text(token);
        texts.add(text.startsWith("\\x") ? "bytes:" + text : text);
        offsets.add(offset);
        offset += text.startsWith("\\x") ? 0 : text.length();
    }

    /** The likeliest, and the token itself where it is not among them. */
    private Map<String, Double> top(TokenLogprobs token) {
        var top = new LinkedHashMap<String, Double>();
        for (Logprob each : token.top()) {
            top.putIfAbsent(writer.text(each.token()), TokenWriter.finite(each.value()));
        }
        top.putIfAbsent(writer.text(token.chosen().token()), TokenWriter.finite(token.chosen().value()));
        return top;
    }
}
