package dev.attune.text;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * How a conversation is handed to one chat template, as transformers' users hand it over.
 *
 * @param developer whether the template knows the role {@code developer}; otherwise such a turn is {@code system}
 * @param parsedArguments whether the arguments of a tool call are an object (most templates) or stay JSON text
 * @param absentContent whether an assistant turn that only calls tools has the content {@code None} instead of
 *         {@code ''}
 */
record TemplateMessages(boolean developer, boolean parsedArguments, boolean absentContent) {
    private static final JsonMapper JSON = JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    List<Object> of(List<Message> messages) {
        var all = new ArrayList<Object>(messages.size());
        messages.forEach(message -> all.add(of(message)));
        return all;
    }

    private Map<String, Object> of(Message message) {
        var map = new LinkedHashMap<String, Object>();
        map.put("role", message instanceof Message.Developer && !developer ? "system" : message.role());
        map.put("content", message.content());
        switch (message) {
            case Message.User(String _, String name) when !name.isEmpty() -> map.put("name", name);
            case Message.Tool(String _, String id) when !id.isEmpty() -> map.put("tool_call_id", id);
            case Message.Assistant assistant when !assistant.toolCalls().isEmpty() -> {
                if (absentContent && assistant.content().isEmpty()) {
                    map.put("content", Python.NONE);
                }
                var calls = new ArrayList<Object>();
                assistant.toolCalls().forEach(call -> calls.add(of(call)));
                map.put("tool_calls", calls);
            }
            default -> {
            }
        }
        return map;
    }

    private Map<String, Object> of(ToolCall call) {
        var function = new LinkedHashMap<String, Object>();
        function.put("name", call.name());
        function.put("arguments", parsedArguments ? parsed(call.arguments()) : call.arguments());
        var map = new LinkedHashMap<String, Object>();
        if (!call.id().isEmpty()) {
            map.put("id", call.id());
        }
        map.put("type", "function");
        map.put("function", function);
        return map;
    }

    /** The JSON object that the text is; the text itself where it is none. */
    private static Object parsed(String arguments) {
        try {
            var json = JSON.readTree(arguments);
            return json.isObject() ? Python.value(JSON.treeToValue(json, Map.class)) : arguments;
        } catch (JacksonException e) {
            return arguments;
        }
    }
}
