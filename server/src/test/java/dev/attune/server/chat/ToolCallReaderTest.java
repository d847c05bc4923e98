package dev.attune.server.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToolCallReaderTest {
    private static final long SEED = Long.getLong("attune.seed", 31);

    /** Content, and each call as name and arguments, read from text that comes in some pieces. */
    private static String read(boolean bare, List<String> pieces) {
        var reader = new ToolCallReader(bare, Set.of("add", "get_weather"));
        var parts = new ArrayList<ReplyPart>();
        pieces.forEach(piece -> parts.addAll(reader.append(piece)));
        parts.addAll(reader.finish());
        var content = new StringBuilder();
        var calls = new ArrayList<StringBuilder>();
        for (ReplyPart part : parts) {
            switch (part) {
                case ReplyPart.Text(String text) -> content.append(text);
                case ReplyPart.Call(int index, String name) -> {
                    assertThat(index).isEqualTo(calls.size());
                    calls.add(new StringBuilder(name));
                }
                case ReplyPart.Arguments(int index, String text) -> {
                    assertThat(index).isEqualTo(calls.size() - 1);
                    calls.get(index).append(text);
                }
            }
        }
        return content + (calls.isEmpty() ? "" : " => " + calls);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            false | <tool_call>\\n{"name": "add", "arguments": {"a": 1}}\\n</tool_call>                       | ` => [add{"a": 1}]`
            false | Let me see.\\n<tool_call>{"name":"add","arguments":{"s":"}</tool_call>{\\""}}</tool_call> | `Let me see. => [add{"s":"}</tool_call>{\\""}]`
            false | <tool_call>{"name":"add","arguments":{}}</tool_call>\\n<tool_call>{"name":"x","arguments":{"b":[1,{}]}}</tool_call> | ` => [add{}, x{"b":[1,{}]}]`
            false | <tool_call>{"arguments": {"a": 1}, "name": "add"}</tool_call> after                       | ` after => [add{"a":1}]`
            false | <tool_call>{"name": "add", "arguments": "{\\"a\\": 1}"}</tool_call>                       | ` => [add{"a": 1}]`
            false | <tool_call>{"name": "add", "arguments": null}</tool_call>                                 | ` => [add{}]`
            false | <tool_call>{"name": "add", "arguments": {"a": 1                                           | ` => [add{"a": 1]`
            false | <tool_call>not json</tool_call>                                                           | `<tool_call>not json</tool_call>`
            false | no call <tool_cal and so on                                                               | `no call <tool_cal and so on`
            false | {"name": "add", "arguments": {}}                                                          | `{"name": "add", "arguments": {}}`
            false | [TOOL_CALLS] [{"name": "add", "arguments": {"a": 1}, "id": "abc123456"}, {"name": "get_weather", "arguments": {}}] | ` => [add{"a": 1}, get_weather{}]`
            false | [TOOL_CALLS]add[ARGS]{"a": 1}[TOOL_CALLS]get_weather[CALL_ID]x1[ARGS]{"c": "Bern"}         | ` => [add{"a": 1}, get_weather{"c": "Bern"}]`
            true  | {"name": "add", "parameters": {"a": 1}}                                                   | ` => [add{"a": 1}]`
            true  | <§python_tag§>{"type": "function", "name": "add", "parameters": {"a": 1}}                 | ` => [add{"a": 1}]`
            true  | {"name": "add", "parameters": {"a": 1}}; {"name": "get_weather", "parameters": {}}        | ` => [add{"a": 1}, get_weather{}]`
            true  | {"name": "unknown", "parameters": {}}                                                     | `{"name": "unknown", "parameters": {}}`
            true  | {"a": 5}                                                                                  | `{"a": 5}`
            true  | Plain words.                                                                              | `Plain words.`
            """)
    void callsOfEachFamilyAreTold_whateverThePieces(boolean bare, String written, String expected) {
        String text = written.replace("\\n", "\n").replace('§', '|');

        assertThat(read(bare, List.of(text))).isEqualTo(expected);
        assertThat(read(bare, text.chars().mapToObj(c -> String.valueOf((char) c)).toList())).isEqualTo(expected);
        System.out.println("seed " + SEED);
        var random = new Random(SEED);
        for (int round = 0; round < 30; round++) {
            var pieces = new ArrayList<String>();
            for (int from = 0; from < text.length();) {
                int to = Math.min(text.length(), from + 1 + random.nextInt(9));
                pieces.add(text.substring(from, to));
                from = to;
            }
            assertThat(read(bare, pieces)).isEqualTo(expected);
        }
    }

    @Test
    void argumentsAreGivenOnWhileTheyGrow() {
        var reader = new ToolCallReader(false, Set.of("add"));

        assertThat(reader.append("<tool_call>{\"name\": \"add\", \"arguments\": {\"a\"")).containsExactly(
                new ReplyPart.Call(0, "add"), new ReplyPart.Arguments(0, "{\"a\""));
        assertThat(reader.append(": 1")).containsExactly(new ReplyPart.Arguments(0, ": 1"));
        assertThat(reader.append("}}</tool")).containsExactly(new ReplyPart.Arguments(0, "}"));
        assertThat(reader.append("_call>")).isEmpty();
        assertThat(reader.finish()).isEmpty();
    }

    @Test
    void blanksAtTheEndOfTextAreHeldBackUntilMoreComes() {
        var reader = new ToolCallReader(false, Set.of());

        assertThat(reader.append("Well \n")).containsExactly(new ReplyPart.Text("Well"));
        assertThat(reader.append("then ")).containsExactly(new ReplyPart.Text(" \nthen"));
        assertThat(reader.finish()).containsExactly(new ReplyPart.Text(" "));
    }
}
