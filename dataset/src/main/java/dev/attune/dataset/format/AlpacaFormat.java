package dev.attune.dataset.format;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code instruction}, {@code input} and {@code output}, with {@code system} and {@code history} as LLaMA-Factory has them;
 * {@code context} and {@code response} as in Dolly are read too.
 */
final class AlpacaFormat implements ExampleReader, ExampleWriter {
    private static final String TITLE = TargetFormat.ALPACA.title();

    @Override
    public @Nullable Example read(Map<String, Object> row, Trace trace) {
        var messages = new ArrayList<Map<String, Object>>();
        Messages.addSystem(messages, row, trace);
        history(row, messages, trace);
        messages.add(Messages.of("user", question(row, trace)));
        String answer = row.containsKey("output") ? "output" : "response";
        trace.mapped(answer, "role 'assistant'");
        messages.add(Messages.of("assistant", trace.text(row, answer)));
        return trace.failed() ? null : new Example.Supervised(messages, Messages.settings(row, trace));
    }

    /** What the user says: the instruction, and the input where there is one. */
    static String question(Map<String, Object> row, Trace trace) {
        String instruction = trace.text(row, "instruction");
        String inputKey = row.containsKey("input") || !row.containsKey("context") ? "input" : "context";
        String input = trace.optionalText(row, inputKey);
        if (input.isEmpty()) {
            trace.mapped("instruction", "role 'user'");
            return instruction;
        }
        trace.mapped("instruction and " + inputKey + ", joined by an empty line", "role 'user'");
        return instruction + "\n\n" + input;
    }

    private static void history(Map<String, Object> row, List<Map<String, Object>> messages, Trace trace) {
        Object history = trace.take(row, "history");
        if (history == null || "".equals(history)) {
            return;
        }
        if (!(history instanceof List<?> turns)) {
            trace.error("data_type", "/history", "'history' must be a list of [question, answer]", history);
            return;
        }
        for (int i = 0; i < turns.size(); i++) {
            if (turns.get(i) instanceof List<?> turn && turn.size() == 2 && turn.getFirst() instanceof String question
                    && turn.getLast() instanceof String answer) {
                trace.mapped("history", "earlier messages");
                messages.add(Messages.of("user", question));
                messages.add(Messages.of("assistant", answer));
            } else {
                trace.error("data_type", "/history/" + i, "a turn of 'history' must be two texts: [question, answer]",
                        turns.get(i));
            }
        }
    }

    @Override
    public @Nullable Map<String, Object> write(Example example, Trace trace) {
        Dialogue dialogue = Dialogue.of(example, TITLE, trace);
        if (dialogue == null) {
            return null;
        }
        var row = new LinkedHashMap<String, Object>();
        trace.mapped("role 'user'", "instruction");
        row.put("instruction", dialogue.last().user());
        row.put("input", "");
        trace.mapped("role 'assistant'", "output");
        row.put("output", dialogue.last().assistant());
        if (!dialogue.system().isEmpty()) {
            trace.mapped("role 'system'", "system");
            row.put("system", dialogue.system());
        }
        List<Dialogue.Turn> earlier = dialogue.turns().subList(0, dialogue.turns().size() - 1);
        if (!earlier.isEmpty()) {
            trace.mapped("earlier messages", "history");
            row.put("history", earlier.stream().map(turn -> List.of(turn.user(), turn.assistant())).toList());
        }
        return row;
    }
}
