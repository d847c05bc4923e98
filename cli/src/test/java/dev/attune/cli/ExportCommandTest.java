package dev.attune.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exporting from the command line, and what it says where it cannot. */
class ExportCommandTest {
    private static final String TINY = "../fixtures/tiny-chat";
    private final PrintStream realOut = System.out;
    private final PrintStream realErr = System.err;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    Path dir;

    @BeforeEach
    void capture() {
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void release() {
        System.setOut(realOut);
        System.setErr(realErr);
    }

    private int export(String... args) {
        String[] all = new String[args.length + 6];
        System.arraycopy(new String[]{"models", "export"}, 0, all, 0, 2);
        System.arraycopy(args, 0, all, 2, args.length);
        System.arraycopy(new String[]{"--home", dir.resolve("home").toString(), "--out", dir.resolve("out").toString()},
                0, all, args.length + 2, 4);
        return AttuneCommand.commandLine().execute(all);
    }

    private String said() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aBaseModelBecomesAGguf() {
        assertThat(export(TINY, "--format", "gguf", "--type", "q8_0")).isZero();
        assertThat(dir.resolve("out").resolve("tiny-chat-q8_0.gguf")).exists();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("logits", "read back and equal");
        assertThat(export(TINY, "--format", "gguf", "--type", "q8_0")).isEqualTo(CommandException.FAILED);
        assertThat(said()).contains("exists already");
    }

    @Test
    void whatIsNotHereIsToldInASentence() {
        assertThat(export("nothing", "--format", "hf")).isEqualTo(CommandException.FAILED);
        assertThat(export("ft:a:b:c:d", "--format", "hf")).isEqualTo(CommandException.FAILED);
        assertThat(export(TINY, "--format", "hf", "--type", "q3_k")).isEqualTo(CommandException.USAGE);
        assertThat(export(TINY, "--format", "onnx")).isEqualTo(CommandException.USAGE);
        assertThat(export(TINY, "--format", "peft")).isEqualTo(CommandException.FAILED);
        assertThat(export("../engine/src/test/resources/golden/llama/adapter", "--format", "hf", "--base", "nowhere"))
                .isEqualTo(CommandException.FAILED);
        assertThat(said().lines()).hasSize(6).allMatch(line -> line.startsWith("attune: "));
        assertThat(said()).contains("no base model 'nothing'", "no tuned model 'ft:a:b:c:d'", "f32, f16, bf16, q8_0",
                "onnx", "has no adapter", "'nowhere' is not here");
    }

    @Test
    void anAdapterIsMergedWithTheBaseThatIsGiven() {
        assertThat(export("../engine/src/test/resources/golden/llama/adapter", "--format", "hf", "--base",
                "../engine/src/test/resources/golden/llama")).isZero();
        assertThat(dir.resolve("out").resolve("model.safetensors")).exists();
    }
}
