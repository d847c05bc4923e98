package dev.attune.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Holds the template language against jinja2 as transformers sets it up; make_golden.py wrote what is expected. */
class ChatTemplateGoldenTest {
    private static final Path FOLDER = Path.of("src", "test", "resources", "templates");
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Clock NOON = Clock.fixed(LocalDateTime.of(2026, 3, 7, 15, 4, 5).toInstant(ZoneOffset.UTC),
            ZoneOffset.UTC);
    /** What jinja2 can do and we refuse, with the reason we give. */
    private static final Map<String, String> REFUSED = Map.of("{% for x in l recursive %}{{ x }}{% endfor %}",
            "recursive", "{% block x %}{% endblock %}", "block", "{{ n.real }}", "real",
            "{{ \"%s and %s\" % ('a', 1) }}", "means nothing");

    @TestFactory
    Stream<DynamicTest> everyTemplateRendersEveryConversationAsTheReferenceDoes() throws IOException {
        JsonNode golden = JSON.readTree(FOLDER.resolve("golden.json"));
        var conversations = new HashMap<String, Conversation>();
        golden.path("conversations")
                .forEach(json -> conversations.put(json.path("name").asString(), conversation(json)));
        var templates = new HashMap<String, ChatTemplate>();
        var tests = new ArrayList<DynamicTest>();
        for (JsonNode expected : golden.path("cases")) {
            String file = expected.path("template").asString();
            if (!templates.containsKey(file)) {
                templates.put(file, ChatTemplate.parse(Files.readString(FOLDER.resolve(file)), map(expected.path(
                        "special")), NOON));
            }
            String name = file + ": " + expected.path("conversation").asString() + (expected.path("prompt").asBoolean()
                    ? " (prompt)"
                    : "");
            tests.add(DynamicTest.dynamicTest(name, () -> check(templates.get(file), conversations.get(expected.path(
                    "conversation").asString()), expected)));
        }
        assertThat(tests).hasSizeGreaterThan(300);
        return tests.stream();
    }

    private static void check(ChatTemplate template, Conversation conversation, JsonNode expected) {
        if (expected.has("error")) {
            assertThat(attempt(() -> template.render(conversation, expected.path("prompt").asBoolean())).error())
                    .contains(expected.path("error").asString().replace("TemplateError: ", ""));
            return;
        }
        var rendering = template.rendering(conversation, expected.path("prompt").asBoolean());
        assertThat(rendering.text()).isEqualTo(expected.path("text").asString());
        assertThat(rendering.generations().stream().map(span -> rendering.text().substring(span.start(), span.end())))
                .containsExactlyElementsOf(strings(expected.path("generations")));
    }

    @TestFactory
    Stream<DynamicTest> everySnippetGivesWhatPythonGives() {
        JsonNode golden = JSON.readTree(Path.of(System.getProperty("attune.snippets", FOLDER.resolve(
                "snippets.json").toString())));
        @SuppressWarnings("unchecked")
        Map<String, Object> variables = (Map<String, Object>) Python.value(JSON.treeToValue(golden.path("variables"),
                Map.class));
        var tests = new ArrayList<DynamicTest>();
        for (JsonNode expected : golden.path("cases")) {
            String source = expected.path("source").asString();
            tests.add(DynamicTest.dynamicTest(tests.size() + " " + source.replace('\n', '⏎'), () -> {
                var actual = attempt(() -> TemplateInterpreter.render(TemplateParser.parse(source), variables, NOON)
                        .text());
                if (REFUSED.containsKey(source)) {
                    assertThat(actual.error()).contains(REFUSED.get(source));
                } else if (expected.has("error")) {
                    assertThat(actual.error()).as(source + " gives " + actual.text()).isNotEmpty();
                } else {
                    assertThat(actual.error()).as(source).isEmpty();
                    assertThat(actual.text()).as(source).isEqualTo(expected.path("text").asString());
                }
            }));
        }
        assertThat(tests).hasSizeGreaterThan(120);
        return tests.stream();
    }

    @Test
    void whatIsNotKnownIsAnErrorWhenTheTemplateIsReadAndNamesLineAndConstruct() {
        var constructs = Map.of("{% include 'x' %}", "include", "{{ a | nofilter }}", "nofilter", "{{ a is notest }}",
                "notest", "{{ a.pop() }}", "pop", "{{ foo() }}", "foo", "{{ l | map('nofilter') }}", "nofilter",
                "{{ l | selectattr('x', 'notest') }}", "notest", "{% call f() %}", "call", "{{ a['b']() }}", "computed",
                "{% macro m() %}{% generation %}{% endgeneration %}{% endmacro %}", "generation");
        constructs.forEach((source, name) -> assertThat(attempt(() -> ChatTemplate.parse("a\n\n{% if false %}" + source
                + "{% endif %}", Map.of()).toString()).error()).contains("line 3").contains(name).doesNotContain("\n"));
    }

    private record Outcome(String text, String error) {}

    private interface Attempt {
        String run();
    }

    private static Outcome attempt(Attempt attempt) {
        try {
            return new Outcome(attempt.run(), "");
        } catch (TextException | TemplateError e) {
            return new Outcome("", String.valueOf(e.getMessage()));
        }
    }

    static Conversation conversation(JsonNode json) {
        var messages = new ArrayList<Message>();
        for (JsonNode message : json.path("messages")) {
            String content = message.path("content").asString("");
            messages.add(switch (message.path("role").asString()) {
                case "system" -> new Message.System(content);
                case "developer" -> new Message.Developer(content);
                case "user" -> new Message.User(content);
                case "tool" -> new Message.Tool(content, message.path("tool_call_id").asString());
                default -> {
                    var calls = new ArrayList<ToolCall>();
                    for (JsonNode call : message.path("tool_calls")) {
                        calls.add(
                                new ToolCall(call.path("id").asString(), call.path("function").path("name").asString(),
                                        call.path("function").path("arguments").asString()));
                    }
                    yield new Message.Assistant(content, calls, 1);
                }
            });
        }
        var tools = new ArrayList<Map<String, Object>>();
        for (JsonNode tool : json.path("tools")) {
            @SuppressWarnings("unchecked")
            Map<String, Object> map = JSON.treeToValue(tool, Map.class);
            tools.add(map);
        }
        return new Conversation(messages, tools);
    }

    private static Map<String, String> map(JsonNode json) {
        var map = new HashMap<String, String>();
        json.forEachEntry((key, value) -> map.put(key, value.asString()));
        return map;
    }

    private static List<String> strings(JsonNode json) {
        var strings = new ArrayList<String>();
        json.forEach(each -> strings.add(each.asString()));
        return strings;
    }
}
