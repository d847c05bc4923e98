package dev.attune.dataset;

import dev.attune.text.Conversation;
import dev.attune.text.Message;

/** The row ends with the assistant, as OpenAI demands: what stands after its last turn teaches nothing. */
final class LastMessageCheck implements RowCheck {
    @Override
    public void check(Conversation conversation, Findings findings) {
        Message last = conversation.messages().getLast();
        boolean answered = conversation.messages().stream().anyMatch(Message.Assistant.class::isInstance);
        if (answered && !(last instanceof Message.Assistant)) {
            findings.error("last_message_not_assistant", "/messages/" + (conversation.messages().size() - 1),
                    "the last message is of the role '" + last.role()
                            + "', and what follows the last assistant message is not trained; end the row with the answer",
                    last.content());
        }
    }
}
