package dev.attune.dataset.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A conversation written as one text, with {@code Human:} and {@code Assistant:} before each turn and an empty line between
 * them, as the preference data of Bai et al. 2022 ("Training a Helpful and Harmless Assistant") is published.
 */
final class Transcript {
    private static final Pattern BEGINNING = Pattern.compile("\\s*Human:[^\\S\\n]?");
    private static final Pattern TURN = Pattern.compile("\\n\\n(Human|Assistant):[^\\S\\n]?");

    private Transcript() {}

    /** Whether a text begins with the human's turn and has one of the assistant. */
    static boolean is(String text) {
        return BEGINNING.matcher(text).lookingAt() && text.contains("\n\nAssistant:");
    }

    /** The turns, what is said in each without the white space around it. */
    static List<Map<String, Object>> messages(String text) {
        var messages = new ArrayList<Map<String, Object>>();
        var beginning = BEGINNING.matcher(text);
        int from = beginning.lookingAt() ? beginning.end() : 0;
        String role = "user";
        var turn = TURN.matcher(text).region(from, text.length());
        while (turn.find()) {
            messages.add(Messages.of(role, text.substring(from, turn.start()).strip()));
            role = turn.group(1).equals("Human") ? "user" : "assistant";
            from = turn.end();
        }
        messages.add(Messages.of(role, text.substring(from).strip()));
        return messages;
    }
}
