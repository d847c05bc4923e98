package dev.attune.dataset;

import dev.attune.text.Conversation;
import dev.attune.text.Message;

/** There is an assistant turn, and at least one is trained: only those teach the model anything. */
final class AssistantTurnCheck implements RowCheck {
    @Override
    public void check(Conversation conversation, Findings findings) {
        boolean any = false;
        for (Message message : conversation.messages()) {
            if (message instanceof Message.Assistant assistant) {
                any = true;
                if (assistant.weight() == 1) {
                    return;
                }
            }
        }
        if (any) {
            findings.error("no_trained_message", "/messages",
                    "every assistant message has weight 0, so nothing in this row would be trained; give one the weight 1 or remove the row",
                    null);
        } else {
            findings.error("example_missing_assistant_message", "/messages",
                    "the row has no assistant message, so there is nothing to learn from it; add the answer you want",
                    conversation.messages().getLast().content());
        }
    }
}
