package dev.attune.dataset;

import dev.attune.text.Conversation;
import dev.attune.text.Message;

/** Someone asks something. */
final class UserTurnCheck implements RowCheck {
    @Override
    public void check(Conversation conversation, Findings findings) {
        if (conversation.messages().stream().noneMatch(Message.User.class::isInstance)) {
            findings.warning("missing_user_message", "/messages", "the row has no user message", null);
        }
    }
}
