package dev.attune.dataset.target;

import dev.attune.dataset.Problem;
import dev.attune.dataset.Row;
import dev.attune.dataset.Severity;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** The {@code name} of a message is one that the chat API takes: no white space, none of {@code < | \ / >}, 64 characters. */
final class NamesCheck implements TargetCheck {
    private static final Pattern NAME = Pattern.compile("[^\\s<|\\\\/>]{1,64}");

    @Override
    public void check(Row row, Consumer<Problem> problems) {
        if (!(row.raw().get("messages") instanceof List<?> messages)) {
            return;
        }
        for (int i = 0; i < messages.size(); i++) {
            if (messages.get(i) instanceof Map<?, ?> message && message.get("name") instanceof String name
                    && !NAME.matcher(name).matches()) {
                problems.accept(new Problem("invalid_name", Severity.ERROR, row.line(), "/messages/" + i + "/name",
                        "the name must match the pattern '^[^\\s<|\\\\/>]+$' and have at most 64 characters; rename or remove it",
                        name));
            }
        }
    }
}
