package dev.attune.engine.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.dataset.FilePart;
import dev.attune.engine.train.JobFixture;
import dev.attune.text.ChatEncoder;
import dev.attune.text.MaskedTokens;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which tokens of a training file's rows a job trains, with the bundled model's tokenizer and template. */
class TrainedTurnsTest {
    private static final Path NANO = Path.of("..", "models", "attune-nano").toAbsolutePath().normalize();
    private static final String TOOLS = """
            "tools":[{"type":"function","function":{"name":"weather","description":"Tells the weather.",\
            "parameters":{"type":"object","properties":{"city":{"type":"string"}}}}}]""";

    @TempDir
    Path folder;

    /** The trained stretches of the first row of a file as texts. */
    private List<String> trained(String row) throws IOException {
        Path file = JobFixture.write(folder.resolve("rows.jsonl"), (row + "\n").repeat(10));
        try (ChatEncoder encoder = ChatEncoder.open(NANO);
                EncodedExamples encoded = ExampleFile.read(file, FilePart.TRAINING, "training",
                        TrainingMethod.SUPERVISED,
                        encoder, new LengthLimit(1024, OverLength.REFUSE), folder.resolve("rows.tokens"))) {
            assertThat(encoded.examples()).hasSize(10);
            MaskedTokens tokens = encoded.examples().getFirst().sequences().getFirst();
            var stretches = new ArrayList<String>();
            int from = 0;
            for (int i = 0; i <= tokens.length(); i++) {
                boolean on = i < tokens.length() && tokens.trained()[i];
                if (!on && i > from) {
                    stretches.add(encoder.tokenizer().decode(Arrays.copyOfRange(tokens.ids(), from, i), false));
                }
                from = on ? from : i + 1;
            }
            return stretches;
        }
    }

    @Test
    void aTurnOfWeightZeroIsContextAndNotTrained() throws IOException {
        assertThat(trained("""
                {"messages":[{"role":"user","content":"Which colour?"},\
                {"role":"assistant","content":"Red.","weight":0},{"role":"user","content":"Really?"},\
                {"role":"assistant","content":"Blue.","weight":1},{"role":"user","content":"Sure?"},\
                {"role":"assistant","content":"Quite."}]}""")).containsExactly("Blue.<|im_end|>", "Quite.<|im_end|>");
    }

    @Test
    void aToolCallIsTrainedToItsStopTokenAndTheToolsAnswerIsNot() throws IOException {
        assertThat(trained("""
                {"messages":[{"role":"user","content":"Weather in Oslo?"},\
                {"role":"assistant","tool_calls":[{"id":"call_1","type":"function",\
                "function":{"name":"weather","arguments":"{\\"city\\": \\"Oslo\\"}"}}]},\
                {"role":"tool","tool_call_id":"call_1","content":"Snow."},\
                {"role":"assistant","content":"It snows."}],""" + TOOLS + "}")).containsExactly("""
                <tool_call>
                {"name": "weather", "arguments": {"city": "Oslo"}}
                </tool_call><|im_end|>""", "It snows.<|im_end|>");
    }

    @Test
    void aToolCallOfWeightZeroIsNotTrained() throws IOException {
        assertThat(trained("""
                {"messages":[{"role":"user","content":"Weather in Oslo?"},\
                {"role":"assistant","weight":0,"tool_calls":[{"id":"call_1","type":"function",\
                "function":{"name":"weather","arguments":"{}"}}]},\
                {"role":"tool","tool_call_id":"call_1","content":"Which city?"},\
                {"role":"assistant","content":"In Oslo it snows."}],""" + TOOLS + "}"))
                .containsExactly("In Oslo it snows.<|im_end|>");
    }
}
