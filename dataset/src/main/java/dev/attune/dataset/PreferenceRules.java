package dev.attune.dataset;

import dev.attune.text.Conversation;
import dev.attune.text.Message;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a preference row must be for direct preference optimization: an input that ends with the user, and two outputs of
 * exactly one assistant message each, which differ. No message has a weight, because both outputs are trained whole.
 */
final class PreferenceRules {
    private static final String PREFERRED = "preferred_output";
    private static final String OTHER = "non_preferred_output";
    private static final Set<String> KEYS = Set.of("input", PREFERRED, OTHER);

    private final Map<String, Object> row;
    private final Findings findings;
    private final String preferredKey;
    private final String otherKey;

    private PreferenceRules(Map<String, Object> row, Findings findings) {
        this.row = row;
        this.findings = findings;
        this.preferredKey = key(PREFERRED);
        this.otherKey = key(OTHER);
    }

    /** The name by which the row has an output: today's, or the one that OpenAI's specification once had. */
    private String key(String today) {
        String older = today.replace("_output", "_completion");
        return !row.containsKey(today) && row.containsKey(older) ? older : today;
    }

    /** The row, or nothing where it has an error; what is wrong goes to {@code findings}. */
    static Optional<PreferenceRow> read(int line, String json, Map<String, Object> row, Findings findings) {
        return new PreferenceRules(row, findings).read(line, json);
    }

    private Optional<PreferenceRow> read(int line, String json) {
        if (!row.containsKey("input") || !(row.containsKey(preferredKey) || row.containsKey(otherKey))) {
            foreign();
            return Optional.empty();
        }
        older();
        for (String key : row.keySet()) {
            if (!KEYS.contains(key) && !key.equals(preferredKey) && !key.equals(otherKey)) {
                findings.warning("example_unrecognized_key", ConversationReader.pointer("", key),
                        "the key '" + key + "' is not used in training, and OpenAI refuses it"
                                + KeySuggestion.of(key, KEYS, ""),
                        row.get(key));
            }
        }
        Map<String, Object> input = input();
        Map<String, Object> preferred = output(preferredKey);
        Map<String, Object> other = output(otherKey);
        Optional<Conversation> question = input == null ? Optional.empty() : question(input);
        if (input == null || preferred == null || other == null || question.isEmpty()) {
            return Optional.empty();
        }
        Message.Assistant better = answer(input, preferred, preferredKey);
        Message.Assistant worse = answer(input, other, otherKey);
        if (better != null && worse != null && same(better, worse)) {
            findings.error("identical_outputs", "/" + otherKey,
                    "both outputs are the same, so there is nothing to prefer; change one or remove the row", other);
            return Optional.empty();
        }
        return better == null || worse == null || findings.hasErrors()
                ? Optional.empty()
                : Optional.of(new PreferenceRow(line, question.get(), better, worse, json));
    }

    private void older() {
        String older = !preferredKey.equals(PREFERRED) ? preferredKey : otherKey;
        if (!KEYS.contains(older)) {
            findings.warning("deprecated_preference_key", "/" + older,
                    "'" + older + "' is the older name of '" + older.replace("_completion", "_output")
                            + "', which OpenAI asks for today; attune check --fix OUT renames it",
                    row.get(older));
        }
    }

    private void foreign() {
        String convert = "; attune prepare FILE --to preference --out DIR converts a file of such rows";
        RowFormat format = RowFormat.of(row);
        findings.error("unexpected_format", "", format == RowFormat.PREFERENCE
                ? "this is a preference row of another form; a training file needs 'input', 'preferred_output' and 'non_preferred_output'"
                        + convert
                : "this is no preference row; direct preference optimization needs {\"input\": {\"messages\": [...]}, \"preferred_output\": [...], \"non_preferred_output\": [...]}",
                row);
    }

    @SuppressWarnings("unchecked")
    private @Nullable Map<String, Object> input() {
        if (!(row.get("input") instanceof Map<?, ?> map)) {
            findings.error("data_type", "/input", "'input' must be an object with 'messages'", row.get("input"));
            return null;
        }
        var input = new LinkedHashMap<>((Map<String, Object>) map);
        for (String key : map.keySet().stream().map(String::valueOf).toList()) {
            if (!ConversationReader.ROW_KEYS.contains(key)) {
                findings.warning("example_unrecognized_key", ConversationReader.pointer("/input", key),
                        "the key '" + key + "' is not used in training, and OpenAI refuses it", input.remove(key));
            }
        }
        return input;
    }

    private Optional<Conversation> question(Map<String, Object> input) {
        var inside = new Findings(0);
        Optional<Conversation> conversation = ConversationReader.read(input, RowRules.ATTUNE, inside);
        inside.problems().forEach(problem -> findings.addInside("/input", problem));
        if (conversation.isEmpty()) {
            return conversation;
        }
        List<Message> messages = conversation.get().messages();
        if (!(messages.getLast() instanceof Message.User)) {
            findings.error("last_message_not_user", "/input/messages/" + (messages.size() - 1),
                    "the input must end with the user, because the outputs answer it; the last message is of the role '"
                            + messages.getLast().role() + "'",
                    messages.getLast().content());
        }
        List<?> raw = input.get("messages") instanceof List<?> list ? list : List.of();
        for (int i = 0; i < raw.size(); i++) {
            weightless(raw.get(i), "/input/messages/" + i);
        }
        return conversation;
    }

    private void weightless(@Nullable Object message, String at) {
        if (message instanceof Map<?, ?> map && map.containsKey("weight")) {
            findings.error("weight_in_preference", at + "/weight",
                    "'weight' has no meaning in a preference row, where only the two outputs are trained; remove it",
                    map.get("weight"));
        }
    }

    @SuppressWarnings("unchecked")
    private @Nullable Map<String, Object> output(String key) {
        Object value = row.get(key);
        if (!(value instanceof List<?> list) || list.size() != 1) {
            findings.error("preference_output", "/" + key, value instanceof List<?> list
                    ? "'" + key + "' has " + list.size() + " messages; it must have exactly one, of the assistant"
                    : "'" + key + "' must be a list with exactly one assistant message in it", value);
            return null;
        }
        String at = "/" + key + "/0";
        if (!(list.getFirst() instanceof Map<?, ?> map) || !"assistant".equals(map.get("role"))) {
            findings.error("preference_output", at, "an output must be a message of the role assistant",
                    list.getFirst());
            return null;
        }
        weightless(map, at);
        return (Map<String, Object>) map;
    }

    /** Reads an output as the end of the conversation, so that its tool calls are checked against the tools. */
    private Message.@Nullable Assistant answer(Map<String, Object> input, Map<String, Object> output, String key) {
        var whole = new LinkedHashMap<>(input);
        var messages = new ArrayList<Object>(input.get("messages") instanceof List<?> list ? list : List.of());
        String end = "/messages/" + messages.size();
        var last = new LinkedHashMap<>(output);
        last.remove("weight");
        messages.add(last);
        whole.put("messages", messages);
        var inside = new Findings(0);
        Optional<Conversation> conversation = ConversationReader.read(whole, RowRules.ATTUNE, inside);
        for (Problem problem : inside.problems()) {
            if (problem.pointer().startsWith(end)) {
                findings.add(new Problem(problem.code(), problem.severity(), findings.line(),
                        "/" + key + "/0" + problem.pointer().substring(end.length()), problem.message(),
                        problem.excerpt()));
            }
        }
        if (conversation.isEmpty()
                || !(conversation.get().messages().getLast() instanceof Message.Assistant assistant)) {
            return null;
        }
        if (assistant.content().isBlank() && assistant.toolCalls().isEmpty()) {
            findings.error("empty_message", "/" + key + "/0/content", "the output is empty; write the answer", output);
            return null;
        }
        return assistant;
    }

    private static boolean same(Message.Assistant one, Message.Assistant other) {
        return one.content().equals(other.content()) && calls(one).equals(calls(other));
    }

    private static List<List<String>> calls(Message.Assistant answer) {
        return answer.toolCalls().stream().map(call -> List.of(call.name(), call.arguments())).toList();
    }
}
