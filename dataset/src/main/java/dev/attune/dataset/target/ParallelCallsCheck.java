package dev.attune.dataset.target;

import dev.attune.dataset.Problem;
import dev.attune.dataset.Row;
import dev.attune.dataset.Severity;
import dev.attune.text.Message;
import java.util.List;
import java.util.function.Consumer;

/** {@code parallel_tool_calls} says what the row then does. */
final class ParallelCallsCheck implements TargetCheck {
    @Override
    public void check(Row row, Consumer<Problem> problems) {
        if (!(row.raw().get("parallel_tool_calls") instanceof Boolean parallel)) {
            return;
        }
        if (row.conversation().tools().isEmpty()) {
            problems.accept(new Problem("parallel_tool_calls_without_tools", Severity.WARNING, row.line(),
                    "/parallel_tool_calls",
                    "'parallel_tool_calls' is only allowed when 'tools' are specified; remove it", ""));
        }
        List<Message> messages = row.conversation().messages();
        for (int i = 0; i < messages.size() && !parallel; i++) {
            if (messages.get(i) instanceof Message.Assistant assistant && assistant.toolCalls().size() > 1) {
                problems.accept(new Problem("parallel_tool_calls_broken", Severity.WARNING, row.line(),
                        "/messages/" + i + "/tool_calls",
                        "the turn makes " + assistant.toolCalls().size()
                                + " calls at once, though 'parallel_tool_calls' is false; split the turn or set it to true",
                        ""));
            }
        }
    }
}
