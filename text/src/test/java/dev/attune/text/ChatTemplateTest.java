package dev.attune.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatTemplateTest {
    private static final Conversation HI = new Conversation(List.of(new Message.User("hi")));
    private static final Conversation WITH_TOOL = new Conversation(HI.messages(), List.of(Map.of("type", "function",
            "function", Map.of("name", "f"))));

    @TempDir
    Path folder;

    @Test
    void readsTheTemplateAndTheSpecialTokensOutOfTheTokenizerConfiguration() throws IOException {
        write("tokenizer_config.json", """
                {"chat_template": "{{ bos_token }}{{ messages[0].content }}{{ eos_token }}{{ unk_token }}",
                 "bos_token": "<s>", "eos_token": {"content": "</s>", "special": true}, "unk_token": null}""");

        assertThat(ChatTemplate.load(folder).render(HI, false)).isEqualTo("<s>hi</s>");
    }

    @Test
    void fillsInSpecialTokensFromTheOlderFile() throws IOException {
        write("tokenizer_config.json", "{\"chat_template\": \"{{ bos_token }}{{ eos_token }}\", \"bos_token\": \"a\"}");
        write("special_tokens_map.json", "{\"bos_token\": \"b\", \"eos_token\": {\"content\": \"c\"}}");

        assertThat(ChatTemplate.load(folder).render(HI, false)).isEqualTo("ac");
    }

    @Test
    void takesTheNamedTemplateForToolsWhereThereAreTools() throws IOException {
        write("tokenizer_config.json", """
                {"chat_template": [{"name": "default", "template": "plain"}, {"name": "tool_use", "template": "tools"},
                                   {"name": "rag", "template": "{% include 'x' %}"}]}""");
        var template = ChatTemplate.load(folder);

        assertThat(template.render(HI, false)).isEqualTo("plain");
        assertThat(template.render(WITH_TOOL, false)).isEqualTo("tools");
    }

    @Test
    void theFileOfItsOwnWins() throws IOException {
        write("tokenizer_config.json", "{\"chat_template\": \"configured\"}");
        write("chat_template.jinja", "file{{ tools is none }}\n");

        assertThat(ChatTemplate.load(folder).render(HI, false)).isEqualTo("fileTrue");
        assertThat(ChatTemplate.load(folder).render(WITH_TOOL, false)).isEqualTo("fileFalse");
    }

    @Test
    void saysWhatIsMissingOrMalformed() throws IOException {
        assertThatThrownBy(() -> ChatTemplate.load(folder)).isInstanceOf(TextException.class).hasMessageContaining(
                "no chat template").hasMessageContaining(folder.toString());
        write("tokenizer_config.json", "{\"chat_template\": ");
        assertThatThrownBy(() -> ChatTemplate.load(folder)).isInstanceOf(TextException.class).hasMessageContaining(
                "tokenizer_config.json").hasMessageNotContaining("\n");
        write("tokenizer_config.json", "{}");
        write("chat_template.jinja", "a\n{% for x in y %}\n{{ x|pprint }}{% endfor %}");
        assertThatThrownBy(() -> ChatTemplate.load(folder)).isInstanceOf(TextException.class).hasMessageContaining(
                "chat_template.jinja, line 3: the filter 'pprint'");
        Files.write(folder.resolve("chat_template.jinja"), "\u00e4".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> ChatTemplate.load(folder)).isInstanceOf(TextException.class).hasMessageContaining(
                "UTF-8");
    }

    @Test
    void aDeveloperTurnIsASystemTurnUnlessTheTemplateSpeaksOfDevelopers() {
        var conversation = new Conversation(List.of(new Message.Developer("x")));

        assertThat(render("{{ messages[0].role }}", conversation)).isEqualTo("system");
        assertThat(render("{{ messages[0].role }}{% if 'developer' == '' %}{% endif %}", conversation)).isEqualTo(
                "developer");
    }

    @Test
    void argumentsOfAToolCallAreAnObjectOrTextAsTheTemplateWantsThem() {
        var call = new ToolCall("id", "f", "{\"b\": 1, \"a\": \"ä\"}");
        var conversation = new Conversation(
                List.of(new Message.User("q"), new Message.Assistant("", List.of(call), 1)));
        String loop = "{% for m in messages %}{% for c in m.tool_calls %}{{ c.function.name }}";

        assertThat(render(loop + "{{ c.function.arguments|tojson }}{% endfor %}{% endfor %}", conversation)).isEqualTo(
                "f{\"b\": 1, \"a\": \"ä\"}");
        assertThat(render(loop + "{{ ' ' + c.function.arguments }}{% endfor %}{% endfor %}", conversation)).isEqualTo(
                "f {\"b\": 1, \"a\": \"ä\"}");
        assertThat(render(loop + "{{ c.function.arguments }}{% endfor %}{% endfor %}", conversation)).isEqualTo(
                "f{\"b\": 1, \"a\": \"ä\"}");
        assertThat(render("{% for m in messages %}{% if m.content is none %}{{ m.tool_calls[0].function|tojson }}"
                + "{% endif %}{% endfor %}", conversation)).isEqualTo(
                        "{\"name\": \"f\", \"arguments\": {\"b\": 1, \"a\": \"ä\"}}");
    }

    @Test
    void argumentsThatAreNoObjectStayText() {
        for (String arguments : List.of("", "{broken", "[1]", "\"x\"", "{} {}")) {
            var conversation = new Conversation(
                    List.of(new Message.Assistant("", List.of(new ToolCall("", "f", arguments)),
                            1)));
            assertThat(render("{{ messages[0].tool_calls[0].function.arguments is string }}", conversation)).isEqualTo(
                    "True");
        }
    }

    @Test
    void runsOutOfNeitherStackNorRange() {
        assertThatThrownBy(() -> render("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", HI)).isInstanceOf(
                TextException.class).hasMessageContaining("without end");
        assertThatThrownBy(() -> render("{{ range(1000000) }}", HI)).isInstanceOf(TextException.class)
                .hasMessageContaining("range");
        assertThatThrownBy(() -> render("{{ " + "(".repeat(100_000) + "1" + ")".repeat(100_000) + " }}", HI))
                .isInstanceOf(
                        TextException.class)
                .hasMessageContaining("nested");
    }

    private static String render(String source, Conversation conversation) {
        return ChatTemplate.parse(source, Map.of()).render(conversation, false);
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }
}
