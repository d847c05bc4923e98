package dev.attune.evals.run;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Questions as JSON Lines, in the forms people have: {@code {"messages": […, assistant]}}, whose last assistant message is the
 * expected answer; {@code {"input" | "prompt" | "question": text or messages, "ideal" | "expected" | "completion" | "output" |
 * "answer" | "reference": text}}; and OpenAI's {@code {"item": {…}}} around either. Slices come from {@code metadata} and from
 * every other short text, number or boolean of the row. Rows that cannot be asked are named and left out.
 */
public record QuestionFile(Path file, List<Question> questions, List<String> problems) {
    private static final JsonMapper MAPPER = JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
    private static final List<String> ASKED = List.of("input", "prompt", "question");
    private static final List<String> WANTED = List.of("ideal", "expected", "completion", "output", "answer",
            "reference",
            "expected_output", "reference_answer", "label");
    private static final int LONGEST_SLICE = 60;

    public QuestionFile {
        questions = List.copyOf(questions);
        problems = List.copyOf(problems);
    }

    /** How rows that have no messages of their own become some. */
    public record Prompt(Optional<String> system, Optional<String> template) {
        /** None: rows bring their own. */
        public static final Prompt NONE = new Prompt(Optional.empty(), Optional.empty());
    }

    public static QuestionFile read(Path file, Prompt prompt) throws IOException {
        var questions = new ArrayList<Question>();
        var problems = new ArrayList<String>();
        Set<String> ids = new HashSet<>();
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            int number = 0;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                String text = number == 1 && line.startsWith("\uFEFF") ? line.substring(1) : line;
                if (!text.isBlank()) {
                    add(text, number, prompt, ids, questions, problems);
                }
            }
        }
        return new QuestionFile(file, questions, problems);
    }

    private static void add(String text, int number, Prompt prompt, Set<String> ids, List<Question> questions,
            List<String> problems) {
        try {
            Question question = row(MAPPER.readTree(text), number, prompt);
            if (!ids.add(question.id())) {
                problems.add("line " + number + ": a row before it has the id \"" + question.id()
                        + "\" too; give each its own");
            } else {
                questions.add(question);
            }
        } catch (JacksonException e) {
            problems.add("line " + number + ": is not one JSON object with distinct keys");
        } catch (IllegalArgumentException e) {
            problems.add("line " + number + ": " + e.getMessage());
        }
    }

    /** One row; throws {@link IllegalArgumentException} with what is wrong where it cannot be asked. */
    public static Question row(JsonNode row, int number, Prompt prompt) {
        if (!row.isObject()) {
            throw new IllegalArgumentException("is not a JSON object");
        }
        JsonNode item = row.path("item").isObject() ? row.get("item") : row;
        var messages = messages(item, prompt);
        String expected = "";
        boolean referenced = false;
        if (item.path("messages").isArray() && messages.size() > 0
                && role(messages, messages.size() - 1).equals("assistant")) {
            expected = answer(messages.get(messages.size() - 1));
            referenced = true;
            messages.remove(messages.size() - 1);
        }
        for (String key : WANTED) {
            if (!referenced && item.has(key) && !item.get(key).isNull()) {
                JsonNode value = item.get(key);
                expected = value.isArray() && value.size() == 1 && value.get(0).isString()
                        ? value.get(0).asString()
                        : value.isString() ? value.asString() : value.toString();
                referenced = true;
            }
        }
        if (messages.isEmpty()) {
            throw new IllegalArgumentException("asks nothing: it has no messages, input, prompt or question");
        }
        JsonNode tools = item.path("tools").isArray() ? item.get("tools") : MAPPER.createArrayNode();
        JsonNode id = row.has("id") ? row.get("id") : item.path("id");
        return new Question(id.isString() || id.isNumber() ? id.asString() : "line " + number, number, messages, tools,
                item,
                expected, referenced, metadata(row, item));
    }

    private static ArrayNode messages(JsonNode item, Prompt prompt) {
        var messages = MAPPER.createArrayNode();
        prompt.system().ifPresent(system -> messages.addObject().put("role", "system").put("content", system));
        if (prompt.template().isPresent()) {
            var sample = new dev.attune.evals.score.Sample(item, "", "", false, dev.attune.evals.score.Answer.of(""));
            messages.addObject().put("role", "user").put("content",
                    dev.attune.evals.score.Template.of(prompt.template().get()).fill(sample));
            return messages;
        }
        JsonNode asked = item.path("messages");
        for (String key : ASKED) {
            asked = asked.isMissingNode() || asked.isNull() ? item.path(key) : asked;
        }
        if (asked.isArray()) {
            for (JsonNode message : asked) {
                if (!message.isObject() || !message.path("role").isString()) {
                    throw new IllegalArgumentException("has a message without a role");
                }
                ObjectNode kept = ((ObjectNode) message).deepCopy();
                kept.remove("weight");
                messages.add(kept);
            }
        } else if (asked.isString() && !asked.asString().isBlank()) {
            messages.addObject().put("role", "user").put("content", asked.asString());
        }
        return messages.size() == (prompt.system().isPresent() ? 1 : 0) ? MAPPER.createArrayNode() : messages;
    }

    /** An assistant's text, then its tool calls as {@code name(arguments)}, one a line. */
    private static String answer(JsonNode message) {
        var lines = new ArrayList<String>();
        String content = Question.content(message.path("content"));
        if (!content.isEmpty()) {
            lines.add(content);
        }
        for (JsonNode call : message.path("tool_calls")) {
            lines.add(call.path("function").path("name").asString("") + "("
                    + call.path("function").path("arguments").asString("") + ")");
        }
        return String.join("\n", lines);
    }

    private static String role(ArrayNode messages, int index) {
        return messages.get(index).path("role").asString("");
    }

    private static Map<String, String> metadata(JsonNode row, JsonNode item) {
        var metadata = new LinkedHashMap<String, String>();
        for (JsonNode from : List.of(item, row, item.path("metadata"), row.path("metadata"))) {
            if (from.isObject()) {
                from.properties().forEach(entry -> {
                    JsonNode value = entry.getValue();
                    boolean label = value.isNumber() || value.isBoolean()
                            || value.isString() && value.asString().length() <= LONGEST_SLICE;
                    if (label && !ASKED.contains(entry.getKey()) && !WANTED.contains(entry.getKey())) {
                        metadata.put(entry.getKey(), value.asString());
                    }
                });
            }
        }
        return metadata;
    }

    /** A single question without a reference. */
    public static Question prompt(String text) {
        ArrayNode messages = MAPPER.createArrayNode();
        messages.addObject().put("role", "user").put("content", text);
        return new Question("prompt", 1, messages, MAPPER.createArrayNode(), JsonNodeFactory.instance.objectNode(), "",
                false,
                Map.of());
    }
}
