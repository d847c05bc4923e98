package dev.attune.dataset;

import dev.attune.text.Conversation;
import dev.attune.text.Message;
import java.util.List;

/** Instructions stand above the conversation: many chat templates refuse or move them elsewhere. */
final class SystemFirstCheck implements RowCheck {
    @Override
    public void check(Conversation conversation, Findings findings) {
        List<Message> messages = conversation.messages();
        boolean spoken = false;
        for (int i = 0; i < messages.size(); i++) {
            boolean instructions = messages.get(i) instanceof Message.System
                    || messages.get(i) instanceof Message.Developer;
            if (instructions && spoken) {
                findings.warning("system_not_first", "/messages/" + i,
                        "a " + messages.get(i).role()
                                + " message stands in the middle of the conversation, where many chat templates do not allow it",
                        messages.get(i).content());
            }
            spoken |= !instructions;
        }
    }
}
