package dev.attune.e2e;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes requests by chance from an OpenAPI document: mostly what it describes, now and then what nobody would send, and
 * bytes that are no JSON at all. The same seed makes the same requests.
 */
final class AnyRequest {
    private static final JsonMapper MAPPER = JsonMapper.shared();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Pattern PARAMETER = Pattern.compile("\\{[^}]+}");
    private static final int DEEPEST = 7;
    private static final List<String> SEGMENTS = List.of("a", "file-abc", "..", "%2e%2e", "%2F", "%5c", "%ff", "%00",
            "%zz", "a%0d%0aSet-Cookie:x", "ft:a:b::c", "ft%3Aa", "*", "%F0%9F%98%80", "%20", ";a=1", "0", "-1", "null",
            "a".repeat(3000), Serving.MODEL);
    private static final List<String> QUERIES = List.of("limit=0", "limit=-1", "limit=99999999999999999999", "limit=a",
            "limit=", "limit=1&limit=2", "limit=5", "limit=%D9%A1", "after=x", "after=", "after=%00", "order=x",
            "order=asc", "purpose=%ff", "metadata[a]=b", "metadata%5B%5D=", "metadata[=x", "metadata=null",
            "metadata[a][b]=c", "model=%", "%", "&&&", "=", "after=" + "a".repeat(3000));
    private static final List<String> ODD = List.of("null", "true", "0", "-1", "1", "1.5", "2147483648",
            "9223372036854775808", "1e308", "-1e-308", "\"\"", "\"a\"", "\"auto\"", "\"\\u0000\"", "\"\u00e9\"",
            "\"../../etc/passwd\"", "\"<script>\"", "\"{{item.x}}\"", "\"{{\"", "\"{%\"", "\"%s%n\"", "[]", "{}",
            "[[]]",
            "[null]", "[[[[[]]]]]", "{\"a\":{\"b\":{}}}", "{\"\":\"\"}", "[1,2,3]", "\"" + "x".repeat(20_000) + "\"");
    private static final List<String> WORDS = List.of("a", Serving.MODEL, "user", "file-abc", "auto", "24h",
            "/v1/chat/completions", "fine-tune", "supervised", "dpo", "{{sample.output_text}}", "created_at");
    private static final List<String> BREAKS = List.of("{", "}", "[", "\"", ",", "\\u", "\\ud800", "\u0000", "null",
            "1e999", "9".repeat(400), "[".repeat(2000));

    private final Random random;
    private final JsonNode schemas;
    private final List<Operation> operations = new ArrayList<>();

    AnyRequest(JsonNode document, Random random) {
        this.random = random;
        this.schemas = document.path("components").path("schemas");
        document.path("paths").properties().forEach(path -> path.getValue().properties().forEach(method -> {
            if (List.of("get", "post", "delete").contains(method.getKey()) && !path.getKey().endsWith("/keys")) {
                operations.add(new Operation(method.getKey().toUpperCase(java.util.Locale.ROOT), path.getKey(),
                        method.getValue().path("requestBody").path("content")));
            }
        }));
    }

    private record Operation(String method, String path, JsonNode content) {}

    /** The bytes of one request, which asks for the connection to be closed. */
    byte[] next() {
        Operation operation = operations.get(random.nextInt(operations.size()));
        String method = chance(0.02) ? any(List.of("PUT", "PATCH", "OPTIONS", "FOO")) : operation.method();
        var target = new StringBuilder(PARAMETER.matcher(operation.path())
                .replaceAll(found -> Matcher.quoteReplacement(any(SEGMENTS))));
        if (chance(0.4)) {
            target.append('?').append(any(QUERIES)).append('&').append(any(QUERIES));
        }
        String type = operation.content().isObject()
                ? operation.content().propertyNames().iterator().next()
                : "application/json";
        byte[] body = type.contains("json")
                ? operation.content().isObject()
                        ? json(operation.content().path(type).path("schema"))
                        : new byte[0]
                : multipart();
        String head = method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: "
                + (type.contains("json") ? type : "multipart/form-data; boundary=X") + "\r\nContent-Length: "
                + body.length + "\r\n\r\n";
        byte[] start = head.getBytes(StandardCharsets.ISO_8859_1);
        byte[] whole = java.util.Arrays.copyOf(start, start.length + body.length);
        System.arraycopy(body, 0, whole, start.length, body.length);
        return whole;
    }

    private byte[] json(JsonNode schema) {
        String text = MAPPER.writeValueAsString(value(schema, 0));
        return (chance(0.25) ? broken(text) : text).getBytes(StandardCharsets.UTF_8);
    }

    private String broken(String text) {
        var changed = new StringBuilder(text);
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(changed.length() + 1);
            changed.replace(at, Math.min(changed.length(), at + random.nextInt(6)), any(BREAKS));
        }
        return changed.toString();
    }

    private byte[] multipart() {
        var body = new StringBuilder();
        for (String name : List.of("purpose", "file", "data", "expires_after[seconds]", "expires_after[anchor]", "x")) {
            if (chance(0.5)) {
                body.append("--X\r\nContent-Disposition: form-data; name=\"").append(name).append('"')
                        .append(any(List.of("", "; filename=\"a.jsonl\"", "; filename=\"../../x\u0000\"")))
                        .append("\r\n\r\n")
                        .append(any(List.of("fine-tune", "batch", "", "{}\n", "hello", "3600", "created_at", "-1",
                                "{\"a\":" + "[".repeat(2000), "{\"messages\":[]}\n")))
                        .append("\r\n");
            }
        }
        String whole = body.append("--X--\r\n").toString();
        return (chance(0.3) ? broken(whole) : whole).getBytes(StandardCharsets.UTF_8);
    }

    private JsonNode value(JsonNode given, int depth) {
        JsonNode schema = given;
        while (schema.has("$ref")) {
            String reference = schema.path("$ref").stringValue();
            schema = schemas.path(reference.substring(reference.lastIndexOf('/') + 1));
        }
        if (depth > DEEPEST || chance(0.12)) {
            return MAPPER.readTree(any(ODD));
        }
        for (String choice : List.of("anyOf", "oneOf", "enum")) {
            if (schema.path(choice) instanceof ArrayNode all) {
                JsonNode one = all.get(random.nextInt(all.size()));
                return choice.equals("enum") ? one : value(one, depth);
            }
        }
        return switch (schema.path("type").asString("")) {
            case "object" -> object(schema, depth);
            case "array" -> {
                ArrayNode array = NODES.arrayNode();
                for (int i = random.nextInt(4); i > 0; i--) {
                    array.add(value(schema.path("items"), depth + 1));
                }
                yield array;
            }
            case "integer" -> NODES.numberNode(new int[]{0, 1, 2, 5, -1}[random.nextInt(5)]);
            case "number" -> NODES.numberNode(new double[]{0, 0.5, 1, 2, -1, 1e9}[random.nextInt(6)]);
            case "boolean" -> NODES.booleanNode(chance(0.3));
            case "null" -> NODES.nullNode();
            default -> NODES.stringNode(any(WORDS));
        };
    }

    private ObjectNode object(JsonNode schema, int depth) {
        ObjectNode object = NODES.objectNode();
        List<String> required = schema.path("required").values().stream().map(JsonNode::stringValue).toList();
        schema.path("properties").properties().forEach(property -> {
            if (chance(required.contains(property.getKey()) ? 0.93 : 0.3)) {
                object.set(property.getKey(), value(property.getValue(), depth + 1));
            }
        });
        if (schema.path("additionalProperties").isObject() || chance(0.05)) {
            object.set(any(List.of("a", "5", "", "foo", "__proto__", "x".repeat(70))), MAPPER.readTree(any(ODD)));
        }
        return object;
    }

    private boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    private <T> T any(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }
}
