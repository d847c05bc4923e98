package dev.attune.server.chat;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.attune.server.protocol.Wire;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What completions write, key for key; a stream is made of the same objects. */
interface CompletionWire extends Wire {

    /** Some answers or pieces of answers. */
    record TextCompletion(String id, String object, long created, String model, String systemFingerprint,
            List<TextChoice> choices, @JsonInclude(Include.NON_NULL) ChatWire.@Nullable Usage usage)
            implements
                CompletionWire {
        static TextCompletion of(AnswerHead head, List<TextChoice> choices, ChatWire.@Nullable Usage usage) {
            return new TextCompletion(head.id(), "text_completion", head.created(), head.model(), head.fingerprint(),
                    choices, usage);
        }
    }

    /** One of them. */
    record TextChoice(String text, int index, @Nullable TokenTable logprobs, @Nullable String finishReason)
            implements
                CompletionWire {}

    /**
     * Log probabilities in columns.
     *
     * @param tokenLogprobs null for the first token of an echoed prompt, which nothing stands before
     * @param textOffset where each token begins in the text, in characters
     */
    record TokenTable(List<String> tokens, List<@Nullable Double> tokenLogprobs,
            List<@Nullable Map<String, Double>> topLogprobs, List<Integer> textOffset) implements CompletionWire {}
}
