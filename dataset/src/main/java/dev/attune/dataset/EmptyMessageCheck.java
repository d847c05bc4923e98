package dev.attune.dataset;

import dev.attune.text.Conversation;
import dev.attune.text.Message;
import java.util.List;

/** No message is empty; a trained answer of nothing but space teaches the model to say nothing. */
final class EmptyMessageCheck implements RowCheck {
    @Override
    public void check(Conversation conversation, Findings findings) {
        List<Message> messages = conversation.messages();
        for (int i = 0; i < messages.size(); i++) {
            Message message = messages.get(i);
            if (!message.content().isBlank() || message instanceof Message.Tool) {
                continue;
            }
            String at = "/messages/" + i + "/content";
            if (!(message instanceof Message.Assistant assistant)) {
                findings.warning("empty_message", at, "the " + message.role() + " message is empty", null);
            } else if (assistant.toolCalls().isEmpty() && assistant.weight() == 1) {
                findings.error("missing_content", at,
                        "the assistant message is empty, which would teach the model to say nothing; write the answer or remove the row",
                        null);
            }
        }
    }
}
