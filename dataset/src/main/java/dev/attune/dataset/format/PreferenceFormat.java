package dev.attune.dataset.format;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Preference pairs. Written as OpenAI has them: {@code input.messages}, {@code preferred_output},
 * {@code non_preferred_output}. Read as well: the older {@code …_completion}, and {@code chosen} and {@code rejected} as
 * texts, single turns, transcripts, or whole conversations that differ in their last message.
 */
final class PreferenceFormat implements ExampleReader, ExampleWriter {
    private static final List<String> PROMPTS = List.of("prompt", "question");

    @Override
    public @Nullable Example read(Map<String, Object> row, Trace trace) {
        return row.get("input") instanceof Map<?, ?> || !row.containsKey("chosen")
                ? openAi(row, trace)
                : chosenAndRejected(row, trace);
    }

    @SuppressWarnings("unchecked")
    private static @Nullable Example openAi(Map<String, Object> row, Trace trace) {
        Object value = trace.take(row, "input");
        if (!(value instanceof Map<?, ?>)) {
            trace.error("message_missing_key", "/input",
                    "a preference row needs 'input', an object with 'messages'", value);
            return null;
        }
        var input = (Map<String, Object>) value;
        var inside = new Trace(trace.line());
        Map<String, Object> settings = Messages.settings(input, inside);
        List<Map<String, Object>> messages = Messages.read(inside.take(input, "messages"), "/input/messages", trace);
        input.keySet()
                .stream()
                .filter(key -> !inside.isUsed(key))
                .forEach(key -> trace.dropped("input." + key, "a preference row does not know it"));
        Map<String, Object> preferred = output(row, "preferred", trace);
        Map<String, Object> other = output(row, "non_preferred", trace);
        return trace.failed() || preferred == null || other == null
                ? null
                : new Example.Preference(messages, settings, preferred, other);
    }

    private static @Nullable Map<String, Object> output(Map<String, Object> row, String which, Trace trace) {
        String key = which + "_output";
        String older = which + "_completion";
        if (!row.containsKey(key) && row.containsKey(older)) {
            trace.mapped(older, key);
            key = older;
        }
        Object value = trace.take(row, key);
        if (value instanceof List<?> list && list.size() == 1) {
            return answer(Messages.readOne(list.getFirst(), "/" + key + "/0", trace), "/" + key + "/0", trace);
        }
        trace.error("preference_output", "/" + key,
                "'" + key + "' must be a list with exactly one assistant message in it", value);
        return null;
    }

    private static @Nullable Map<String, Object> answer(@Nullable Map<String, Object> message, String at, Trace trace) {
        if (message != null && !Messages.isRole(message, "assistant")) {
            trace.error("preference_output", at, "the message must be of the role assistant, not '"
                    + message.get("role") + "'", message);
            return null;
        }
        return message;
    }

    private static @Nullable Example chosenAndRejected(Map<String, Object> row, Trace trace) {
        List<Map<String, Object>> chosen = turns(row, "chosen", trace);
        List<Map<String, Object>> rejected = turns(row, "rejected", trace);
        if (trace.failed()) {
            return null;
        }
        List<Map<String, Object>> before = chosen.subList(0, chosen.size() - 1);
        if (!before.equals(rejected.subList(0, rejected.size() - 1))) {
            trace.error("preference_output", "/rejected",
                    "'chosen' and 'rejected' differ before their last message; both must answer the same question",
                    rejected);
            return null;
        }
        List<Map<String, Object>> prompt = prompt(row, trace);
        if (!before.isEmpty() && !prompt.isEmpty() && !before.equals(prompt)
                && !before.subList(before.size() - 1, before.size()).equals(prompt)) {
            trace.error("preference_output", "/chosen", "'chosen' begins otherwise than the prompt of the row", before);
        }
        if (before.isEmpty() && prompt.isEmpty()) {
            trace.error("preference_output", "",
                    "the row has no question: neither 'prompt' nor messages before the answer in 'chosen'",
                    row);
        }
        Map<String, Object> settings = Messages.settings(row, trace);
        Map<String, Object> better = answer(chosen.getLast(), "/chosen/" + (chosen.size() - 1), trace);
        Map<String, Object> other = answer(rejected.getLast(), "/rejected/" + (rejected.size() - 1), trace);
        return trace.failed() || better == null || other == null
                ? null
                : new Example.Preference(before.isEmpty() ? prompt : before, settings, better, other);
    }

    /** An answer as messages: a text, one turn, or the conversation that ends with it. */
    private static List<Map<String, Object>> turns(Map<String, Object> row, String key, Trace trace) {
        trace.mapped(key, key.equals("chosen") ? "preferred_output" : "non_preferred_output");
        Object value = trace.take(row, key);
        if (value instanceof List<?>) {
            return Messages.read(value, "/" + key, trace);
        }
        if (value instanceof Map<?, ?> turn) {
            if (turn.containsKey("from")) {
                return ShareGptFormat.messages(List.of(turn), "/" + key, trace);
            }
            Map<String, Object> message = Messages.readOne(value, "/" + key, trace);
            return message == null ? List.of() : List.of(message);
        }
        String text = trace.text(row, key);
        if (Transcript.is(text)) {
            trace.mapped("'Human:' and 'Assistant:' in " + key, "messages of user and assistant");
            return Transcript.messages(text);
        }
        return List.of(Messages.of("assistant", text));
    }

    private static List<Map<String, Object>> prompt(Map<String, Object> row, Trace trace) {
        var messages = new ArrayList<Map<String, Object>>();
        Messages.addSystem(messages, row, trace);
        if (row.containsKey("conversations")) {
            messages.addAll(ShareGptFormat.messages(trace.take(row, "conversations"), "/conversations", trace));
        } else if (row.containsKey("instruction")) {
            messages.add(Messages.of("user", AlpacaFormat.question(row, trace)));
        } else {
            PROMPTS.stream()
                    .filter(row::containsKey)
                    .findFirst()
                    .ifPresent(key -> messages.addAll(PromptFormat.prompt(row, key, trace)));
        }
        return messages;
    }

    @Override
    public @Nullable Map<String, Object> write(Example example, Trace trace) {
        if (!(example instanceof Example.Preference preference)) {
            trace.error("no_second_answer", "",
                    "the row has one answer, and a preference row needs a better and a worse one",
                    null);
            return null;
        }
        var row = new LinkedHashMap<String, Object>();
        row.put("input", ChatFormat.row(preference.input(), preference.settings()));
        row.put("preferred_output", List.of(preference.preferred()));
        row.put("non_preferred_output", List.of(preference.nonPreferred()));
        return row;
    }
}
