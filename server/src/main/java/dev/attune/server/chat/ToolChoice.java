package dev.attune.server.chat;

import dev.attune.server.protocol.ApiException;
import dev.attune.server.protocol.Fields;
import dev.attune.server.protocol.Json;
import dev.attune.server.protocol.UnknownKeys;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The tools of a chat request, and whether they are to be called.
 *
 * @param offered each as its JSON object, as the template takes them; empty where none may be called
 * @param required the names of which one has to be called; empty where the model is free
 * @param parallel whether more than one may be called at a time
 */
record ToolChoice(List<Map<String, Object>> offered, Set<String> required, boolean parallel) {
    private static final int MOST_TOOLS = 128;
    private static final Set<String> TOOL_KEYS = Set.of("type", "function");
    private static final Set<String> FUNCTION_KEYS = Set.of("name", "description", "parameters", "strict");

    /** The names of the tools on offer. */
    Set<String> names() {
        var names = new LinkedHashSet<String>();
        offered.forEach(tool -> names.add(name(tool)));
        return names;
    }

    /**
     * @throws ApiException 400, naming the key
     */
    static ToolChoice of(Fields body) {
        var tools = new ArrayList<Map<String, Object>>();
        for (JsonNode tool : body.array("tools")) {
            tools.add(tool(tool, "tools[" + tools.size() + "]"));
        }
        if (tools.size() > MOST_TOOLS) {
            throw ApiException.badRequest("Invalid 'tools': array too long. Expected an array with maximum length "
                    + MOST_TOOLS + ", but got an array with length " + tools.size() + " instead.", "tools",
                    "array_above_max_length");
        }
        if (body.has("tool_choice") && tools.isEmpty()) {
            throw ApiException.badRequest("Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools'"
                    + " are specified.", "tool_choice");
        }
        if (body.has("tools") && tools.isEmpty()) {
            throw ApiException.badRequest("Invalid 'tools': empty array. Expected an array with minimum length 1, but"
                    + " got an empty array instead.", "tools", "empty_array");
        }
        boolean parallel = body.flag("parallel_tool_calls", true);
        JsonNode choice = body.value("tool_choice");
        if (!body.has("tool_choice")) {
            return new ToolChoice(tools, Set.of(), parallel);
        }
        if (choice.isString()) {
            return ofMode(choice.stringValue(), tools, parallel, "tool_choice");
        }
        if (!(choice instanceof ObjectNode)) {
            throw body.wrongType("tool_choice", "one of 'none', 'auto', 'required' or an object", choice);
        }
        Fields chosen = body.object("tool_choice");
        String type = chosen.required("type");
        return switch (type) {
            case "function" -> new ToolChoice(tools, Set.of(requireTool(tools, chosen.object("function")
                    .required("name"), "tool_choice.function.name")), parallel);
            case "allowed_tools" -> allowed(chosen.object("allowed_tools"), tools, parallel);
            default -> throw ApiException.badRequest("The 'tool_choice' of the type '" + type
                    + "' is not available on this server; use 'function' or 'allowed_tools'.", "tool_choice.type",
                    "unsupported_parameter");
        };
    }

    private static ToolChoice ofMode(String mode, List<Map<String, Object>> tools, boolean parallel, String param) {
        return switch (mode) {
            case "none" -> new ToolChoice(List.of(), Set.of(), parallel);
            case "auto" -> new ToolChoice(tools, Set.of(), parallel);
            case "required" -> new ToolChoice(tools, new ToolChoice(tools, Set.of(), parallel).names(), parallel);
            default -> throw ApiException.badRequest("Invalid value: '" + mode
                    + "'. Supported values are: 'none', 'auto', and 'required'.", param, "invalid_value");
        };
    }

    private static ToolChoice allowed(Fields allowed, List<Map<String, Object>> tools, boolean parallel) {
        var names = new LinkedHashSet<String>();
        for (JsonNode tool : allowed.array("tools")) {
            names.add(requireTool(tools, tool.path("function").path("name").asString(""),
                    "tool_choice.allowed_tools.tools"));
        }
        return ofMode(allowed.text("mode", "auto"), tools.stream().filter(tool -> names.contains(name(tool))).toList(),
                parallel, "tool_choice.allowed_tools.mode");
    }

    private static String requireTool(List<Map<String, Object>> tools, String name, String param) {
        if (tools.stream().noneMatch(tool -> name(tool).equals(name))) {
            throw ApiException.badRequest("Invalid value for 'tool_choice': '" + name
                    + "' is not the name of one of the 'tools'.", param, "invalid_value");
        }
        return name;
    }

    private static Map<String, Object> tool(JsonNode tool, String at) {
        if (!(tool instanceof ObjectNode object)) {
            throw ApiException.badRequest("Invalid '" + at
                    + "': expected {\"type\": \"function\", \"function\": {\"name\": …}}.", at);
        }
        var fields = new Fields(object, at + ".");
        String type = fields.required("type");
        if (!type.equals("function")) {
            throw ApiException.badRequest("Tools of the type '" + type
                    + "' are not available on this server; use functions.", at + ".type", "unsupported_parameter");
        }
        UnknownKeys.refuse(fields, TOOL_KEYS);
        if (!fields.has("function")) {
            throw fields.missing("function");
        }
        Fields function = fields.object("function");
        UnknownKeys.refuse(function, FUNCTION_KEYS);
        String name = function.required("name");
        if (!name.matches("[a-zA-Z0-9_-]{1,64}")) {
            throw ApiException.badRequest("Invalid '" + at + ".function.name': string does not match pattern. Expected"
                    + " a string that matches the pattern '^[a-zA-Z0-9_-]{1,64}$'.", at + ".function.name",
                    "invalid_value");
        }
        function.object("parameters");
        return Json.MAPPER.convertValue(object, new TypeReference<Map<String, Object>>() {
        });
    }

    private static String name(Map<String, Object> tool) {
        return tool.get("function") instanceof Map<?, ?> function ? String.valueOf(function.get("name")) : "";
    }
}
