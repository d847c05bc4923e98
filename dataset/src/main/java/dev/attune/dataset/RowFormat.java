package dev.attune.dataset;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The shapes of rows that people have, told apart by their keys. */
enum RowFormat {
    CHAT("this is a chat row"),
    PROMPT_COMPLETION(
            "this is a prompt/completion row; supervised tuning needs {\"messages\": [{\"role\": \"user\", \"content\": <prompt>}, {\"role\": \"assistant\", \"content\": <completion>}]}"
                    + RowFormat.CONVERT),
    PREFERENCE(
            "this is a preference row; supervised tuning needs {\"messages\": [...]}, so keep the input's messages and add the preferred output as the last one"
                    + RowFormat.CONVERT),
    SHAREGPT(
            "this is a ShareGPT row; supervised tuning needs {\"messages\": [...]} with 'role' (human is user, gpt is assistant) and 'content'"
                    + RowFormat.CONVERT),
    ALPACA(
            "this is an Alpaca row; supervised tuning needs {\"messages\": [...]} with the instruction and input as user and the output as assistant"
                    + RowFormat.CONVERT),
    BATCH("this is a batch request; supervised tuning needs {\"messages\": [...]} with the answer as its last message"),
    UNKNOWN("the row has no key 'messages'; supervised tuning needs {\"messages\": [{\"role\": ..., \"content\": ...}, ...]}");

    /** The way out, where there is a program for it. */
    private static final String CONVERT = "; attune prepare FILE --out DIR converts a file of such rows";

    private final String advice;

    RowFormat(String advice) {
        this.advice = advice;
    }

    /** What the row is and what it must become. */
    String advice() {
        return advice;
    }

    static RowFormat of(Map<String, Object> row) {
        if (row.containsKey("messages")) {
            return CHAT;
        }
        if (row.containsKey("preferred_output") || row.containsKey("preferred_completion")
                || row.containsKey("non_preferred_output")
                || (row.containsKey("chosen") && row.containsKey("rejected"))) {
            return PREFERENCE;
        }
        if (row.containsKey("prompt") && row.containsKey("completion")) {
            return PROMPT_COMPLETION;
        }
        if (row.containsKey("conversations")) {
            return SHAREGPT;
        }
        if (row.containsKey("instruction") && (row.containsKey("output") || row.containsKey("response"))) {
            return ALPACA;
        }
        return row.containsKey("custom_id") && row.containsKey("body") ? BATCH : UNKNOWN;
    }

    /** A row of a prompt's text and a completion's as the question and answer that it is; any other row as it is. */
    static Map<String, Object> promptAsChat(Map<String, Object> row) {
        if (of(row) == PROMPT_COMPLETION && row.get("prompt") instanceof String prompt
                && row.get("completion") instanceof String completion) {
            var chat = new LinkedHashMap<String, Object>(row);
            chat.remove("prompt");
            chat.remove("completion");
            chat.put("messages", List.of(Map.of("role", "user", "content", prompt),
                    Map.of("role", "assistant", "content", completion)));
            return chat;
        }
        return row;
    }

    /** Whether a row with messages is meant for a grader: it ends with the user, and has keys of its own beside. */
    static boolean isReinforcement(Map<String, Object> row) {
        boolean extra = row.keySet().stream().anyMatch(key -> !ConversationReader.ROW_KEYS.contains(key));
        return extra && row.get("messages") instanceof List<?> messages && !messages.isEmpty()
                && messages.getLast() instanceof Map<?, ?> last && "user".equals(last.get("role"))
                && messages.stream()
                        .noneMatch(message -> message instanceof Map<?, ?> map && "assistant".equals(map.get("role")));
    }
}
