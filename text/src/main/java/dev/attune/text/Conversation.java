package dev.attune.text;

import java.util.List;
import java.util.Map;

/**
 * Messages in order, and the tools that were on offer, each as its JSON object
 * ({@code {"type":"function","function":{…}}}).
 */
public record Conversation(List<Message> messages, List<Map<String, Object>> tools) {
    public Conversation {
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
    }

    public Conversation(List<Message> messages) {
        this(messages, List.of());
    }
}
