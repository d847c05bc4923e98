package dev.attune.dataset;

import dev.attune.text.Conversation;
import dev.attune.text.Message;
import java.util.ArrayList;

/**
 * A question and two answers to it, of which one is better: what direct preference optimization learns from. Immutable.
 *
 * @param line line of the file, the first is 1
 * @param input the conversation up to the question; it ends with a user message
 * @param preferred the better answer
 * @param nonPreferred the other answer, which differs from it
 * @param json the exact line, without byte order mark and line end
 */
public record PreferenceRow(int line, Conversation input, Message.Assistant preferred, Message.Assistant nonPreferred,
        String json) {
    /** The input with the better answer. */
    public Conversation preferredConversation() {
        return with(preferred);
    }

    /** The input with the other answer. */
    public Conversation nonPreferredConversation() {
        return with(nonPreferred);
    }

    private Conversation with(Message.Assistant answer) {
        var messages = new ArrayList<>(input.messages());
        messages.add(answer);
        return new Conversation(messages, input.tools());
    }
}
