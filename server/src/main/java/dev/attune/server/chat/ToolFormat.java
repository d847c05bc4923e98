package dev.attune.server.chat;

import dev.attune.server.store.Ids;
import dev.attune.text.ChatTemplate;
import dev.attune.text.Conversation;
import dev.attune.text.Message;
import dev.attune.text.TextException;
import dev.attune.text.ToolCall;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a model's chat template writes the calls of tools, found out by writing one: the text before the name, and between
 * the name and the arguments.
 *
 * @param bare whether a call is a lone JSON object, without a mark that says what it is (Llama 3.1)
 * @param before what stands between the beginning of the assistant's turn and the name; empty where it is not known
 * @param between what stands between the name and the arguments
 * @param shortIds whether identifiers of calls have to be nine letters and digits (Mistral)
 */
record ToolFormat(boolean bare, String before, String between, boolean shortIds) {
    private static final String NAME = "attune_trial";
    private static final ToolCall CALL = new ToolCall("attune123", NAME, "{\"trial_key\": \"trial_value\"}");
    private static final Map<String, Object> TOOL = Map.of("type", "function", "function", Map.of("name", NAME,
            "description", "", "parameters", Map.of("type", "object", "properties", Map.of())));

    /** Empty where the template does not tell the model of tools. */
    static Optional<ToolFormat> of(ChatTemplate template) {
        var user = new Message.User("?");
        String asked;
        try {
            asked = template.render(new Conversation(List.of(user), List.of(TOOL)), true);
        } catch (TextException e) {
            return Optional.empty();
        }
        if (!asked.contains(NAME)) {
            return Optional.empty();
        }
        try {
            String called = template.render(
                    new Conversation(List.of(user, new Message.Assistant("", List.of(CALL), 1)), List.of(TOOL)), false);
            return Optional.of(of(called.substring(common(asked, called))));
        } catch (TextException e) {
            return Optional.of(new ToolFormat(false, "", "", false));
        }
    }

    private static ToolFormat of(String turn) {
        int name = turn.indexOf(NAME);
        int arguments = name < 0 ? -1 : turn.lastIndexOf('{', Math.max(0, turn.indexOf("trial_key", name)));
        boolean marked = turn.contains("<tool_call>") || turn.contains("[TOOL_CALLS]");
        boolean mistral = turn.contains("[TOOL_CALLS]");
        if (name < 0 || arguments <= name) {
            return new ToolFormat(false, "", "", mistral);
        }
        return new ToolFormat(!marked, turn.substring(0, name),
                turn.substring(name + NAME.length(), arguments).stripTrailing(), mistral);
    }

    /** The beginning of an answer that calls a tool, up to its arguments; empty where it is not known. */
    String opening(String tool) {
        return before.isEmpty() ? "" : before.stripLeading() + tool + between;
    }

    /** A new identifier of a call. */
    String nextId() {
        return shortIds ? Ids.alphanumeric(9) : Ids.next("call_");
    }

    private static int common(String a, String b) {
        int length = Math.min(a.length(), b.length());
        int i = 0;
        while (i < length && a.charAt(i) == b.charAt(i)) {
            i++;
        }
        return i;
    }
}
