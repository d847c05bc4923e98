package dev.attune.dataset;

import dev.attune.text.Conversation;
import java.util.List;

/** One rule that a well-formed row must keep to be worth training on. Implementations are stateless. */
interface RowCheck {

    /** All rules for supervised training, in the order in which their problems are shown. */
    List<RowCheck> SUPERVISED = List.of(new AssistantTurnCheck(), new LastMessageCheck(), new EmptyMessageCheck(),
            new SystemFirstCheck(), new UserTurnCheck());

    /** Looks at one row. */
    void check(Conversation conversation, Findings findings);
}
