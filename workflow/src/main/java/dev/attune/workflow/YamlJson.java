package dev.attune.workflow;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * A YAML document as JSON, with the line of every place in it.
 *
 * @param lines by JSON pointer; of a mapping's entry the line of its key
 */
record YamlJson(JsonNode json, Map<String, Integer> lines) {

    static YamlJson of(YamlNode document) {
        var lines = new LinkedHashMap<String, Integer>();
        return new YamlJson(convert(document, "", lines), lines);
    }

    /** The line of a place, or of the nearest one above it that is there. */
    int line(String pointer) {
        String at = pointer;
        while (!at.isEmpty() && !lines.containsKey(at)) {
            at = at.substring(0, at.lastIndexOf('/'));
        }
        return lines.getOrDefault(at, 1);
    }

    private static JsonNode convert(YamlNode node, String pointer, Map<String, Integer> lines) {
        lines.putIfAbsent(pointer, node.line());
        JsonNodeFactory json = JsonNodeFactory.instance;
        return switch (node) {
            case YamlNode.Mapping mapping -> {
                var object = json.objectNode();
                mapping.entries().forEach((key, entry) -> {
                    String place = pointer + "/" + key.replace("~", "~0").replace("/", "~1");
                    lines.put(place, entry.keyLine());
                    object.set(key, convert(entry.value(), place, lines));
                });
                yield object;
            }
            case YamlNode.Sequence sequence -> {
                var array = json.arrayNode();
                for (int i = 0; i < sequence.items().size(); i++) {
                    array.add(convert(sequence.items().get(i), pointer + "/" + i, lines));
                }
                yield array;
            }
            case YamlNode.Text text -> json.stringNode(text.value());
            case YamlNode.Number number ->
                number.value() == Math.rint(number.value()) && Math.abs(number.value()) < 1e15
                        ? json.numberNode((long) number.value())
                        : JsonMapper.shared().valueToTree(number.value());
            case YamlNode.Flag flag -> json.booleanNode(flag.value());
            case YamlNode.Nothing nothing -> json.nullNode();
        };
    }
}
