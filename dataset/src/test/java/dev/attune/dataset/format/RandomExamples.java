package dev.attune.dataset.format;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Random rows for properties. */
final class RandomExamples {
    private static final String[] PIECES = {"a", "Grüße", "😀", "\"", "'", "\\", ",", ";", "\t", "\n", "\r\n", "\r",
            " ",
            "{", "]", "null", "\uFFFD", "\uFEFF", "=1+1", "\u2028", "|", "\u0001", "<|endoftext|>", "ß"};

    private final SplittableRandom random;

    RandomExamples(SplittableRandom random) {
        this.random = random;
    }

    /** Never empty. */
    String text() {
        var text = new StringBuilder();
        for (int i = random.nextInt(12); i >= 0; i--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString();
    }

    private boolean chance() {
        return random.nextBoolean();
    }

    /** Questions and answers by turns, in plain text. */
    Map<String, Object> plain(boolean system, int turns) {
        var messages = new ArrayList<Map<String, Object>>();
        if (system) {
            messages.add(Messages.of("system", text()));
        }
        for (int i = 0; i < turns; i++) {
            messages.add(Messages.of("user", text()));
            messages.add(Messages.of("assistant", text()));
        }
        return ChatFormat.row(messages, Map.of());
    }

    Map<String, Object> plain() {
        return plain(chance(), 1);
    }

    Map<String, Object> turns() {
        return plain(chance(), 1 + random.nextInt(4));
    }

    /** All that ShareGPT can say: weights, tools, calls that are answered in order. */
    Map<String, Object> calling() {
        var messages = new ArrayList<Map<String, Object>>();
        int calls = 0;
        for (int turn = random.nextInt(4); turn >= 0; turn--) {
            messages.add(Messages.of("user", text()));
            if (chance()) {
                var toolCalls = new ArrayList<Object>();
                for (int i = random.nextInt(3); i >= 0; i--) {
                    toolCalls.add(Map.of("id", "call_" + (calls + toolCalls.size() + 1), "type", "function", "function",
                            Map.of("name", "f" + i, "arguments", JsonValue.text(Map.of("x", text())))));
                }
                messages.add(new LinkedHashMap<>(Map.of("role", "assistant", "tool_calls", toolCalls)));
                for (int i = 0; i < toolCalls.size(); i++) {
                    messages.add(Map.of("role", "tool", "tool_call_id", "call_" + ++calls, "content", text()));
                }
            }
            Map<String, Object> answer = Messages.of("assistant", text());
            if (chance()) {
                answer.put("weight", random.nextInt(2));
            }
            messages.add(answer);
        }
        return ChatFormat.row(messages, Map.of("tools", List.of(Map.of("type", "function", "function",
                Map.of("name", "f0", "parameters", Map.of("type", "object"))))));
    }

    /** Anything that OpenAI's chat format knows. */
    Map<String, Object> chat() {
        Map<String, Object> row = calling();
        var messages = new ArrayList<Map<String, Object>>();
        messages.add(Messages.of("developer", text()));
        messages.add(Map.of("role", "user", "name", "n", "content", List.of(Map.of("type", "text", "text", text()),
                Map.of("type", "image_url", "image_url", Map.of("url", "data:,", "detail", "low")))));
        if (row.get("messages") instanceof List<?> rest) {
            rest.forEach(message -> messages.add(Messages.readOne(message, "", new Trace(1))));
        }
        row.put("messages", messages);
        row.put("parallel_tool_calls", chance());
        return row;
    }

    Map<String, Object> preference() {
        var input = new ArrayList<Map<String, Object>>();
        if (chance()) {
            input.add(Messages.of("system", text()));
        }
        input.add(Messages.of("user", text()));
        return Map.of("input", Map.of("messages", input), "preferred_output",
                List.of(Messages.of("assistant", text())),
                "non_preferred_output", List.of(Messages.of("assistant", text())));
    }

    Map<String, Object> reinforcement() {
        return Map.of("messages", List.of(Messages.of("user", text())), "reference", Map.of("n", random.nextInt(9)));
    }
}
