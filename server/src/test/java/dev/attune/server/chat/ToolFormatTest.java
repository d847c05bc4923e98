package dev.attune.server.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.text.ChatTemplate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ToolFormatTest {
    private static final Path TEMPLATES = Path.of("..", "text", "src", "test", "resources", "templates");

    private static ChatTemplate template(Path file) throws Exception {
        return ChatTemplate.parse(Files.readString(file), Map.of("bos_token", "<s>", "eos_token", "</s>"));
    }

    @Test
    void attuneNanoMarksItsCalls() throws Exception {
        var format = ToolFormat.of(template(Path.of("..", "models", "attune-nano", "chat_template.jinja")))
                .orElseThrow();

        assertThat(format.bare()).isFalse();
        assertThat(format.opening("add")).isEqualTo("<tool_call>\n{\"name\": \"add\", \"arguments\":");
        assertThat(format.nextId()).matches("call_[A-Za-z0-9]{24}");
    }

    @Test
    void mistralListsThem_withShortIdentifiers() throws Exception {
        var format = ToolFormat.of(template(TEMPLATES.resolve("inst-tools.jinja"))).orElseThrow();

        assertThat(format.bare()).isFalse();
        assertThat(format.opening("add")).isEqualTo("[TOOL_CALLS][{\"name\": \"add\", \"arguments\":");
        assertThat(format.nextId()).matches("[A-Za-z0-9]{9}");
    }

    @Test
    void aLoneObjectIsBare() {
        var llama = ChatTemplate.parse(
                """
                        {%- for message in messages %}<|{{ message.role }}|>
                        {%- if message.role == 'user' and tools %}{{ tools | tojson }}{% endif %}
                        {%- if message.tool_calls %}{"name": "{{ message.tool_calls[0].function.name }}", "parameters": {{ message.tool_calls[0].function.arguments | tojson }}}
                        {%- else %}{{ message.content }}{% endif %}<|eot|>{% endfor %}
                        {%- if add_generation_prompt %}<|assistant|>{% endif %}""",
                Map.of());
        var format = ToolFormat.of(llama).orElseThrow();

        assertThat(format.bare()).isTrue();
        assertThat(format.opening("add")).isEqualTo("{\"name\": \"add\", \"parameters\":");
    }

    @Test
    void aTemplateWithoutToolsOffersNone() throws Exception {
        assertThat(ToolFormat.of(template(Path.of("..", "fixtures", "tiny-chat", "chat_template.jinja")))).isEmpty();
        assertThat(ToolFormat.of(template(TEMPLATES.resolve("plain.jinja")))).isEmpty();
    }
}
