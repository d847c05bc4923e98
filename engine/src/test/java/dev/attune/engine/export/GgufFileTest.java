package dev.attune.engine.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.engine.EngineException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufFileTest {
    @TempDir
    Path dir;

    private static Map<String, GgufValue> head() {
        var head = new LinkedHashMap<String, GgufValue>();
        head.put("text", new GgufValue.Text("größer 😀"));
        head.put("whole", new GgufValue.Whole(-1));
        head.put("real", new GgufValue.Real(1e-6f));
        head.put("flag", new GgufValue.Flag(true));
        head.put("texts", new GgufValue.Texts(List.of("a", "", "c")));
        head.put("reals", new GgufValue.Reals(List.of(1f, -2.5f)));
        head.put("wholes", new GgufValue.Wholes(List.of(1, 2, 3)));
        return head;
    }

    private static TensorPlan tensor(String name, NumberType type, long... shape) {
        return new TensorPlan(name, shape, type, memory -> {
            for (int i = 0; i < memory.byteSize() / 4; i++) {
                memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, i % 7 - 3);
            }
        });
    }

    private Path written() throws IOException {
        Path file = dir.resolve("a.gguf");
        List<TensorPlan> tensors = List.of(tensor("odd", NumberType.F32, 3), tensor("blocks", NumberType.Q8_0, 5, 64),
                tensor("half", NumberType.BF16, 3, 5));
        GgufWriter.write(file, head(), tensors);
        assertThat(Files.size(file)).isEqualTo(GgufWriter.size(head(), tensors));
        return file;
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        try (GgufFile file = GgufFile.open(written())) {
            assertThat(file.head()).isEqualTo(head());
            assertThat(file.names()).containsExactly("odd", "blocks", "half");
            assertThat(file.tensor("blocks").shape()).containsExactly(5, 64);
            var read = new float[15];
            GgufFile.Tensor half = file.tensor("half");
            TensorStream.decode(half.type(), half.bytes(), 15, MemorySegment.ofArray(read));
            assertThat(read).startsWith(-3, -2, -1, 0, 1, 2, 3, -3).endsWith(-3);
            TensorStream.compare(tensor("blocks", NumberType.Q8_0, 5, 64), file.tensor("blocks").bytes());
        }
    }

    @Test
    void aChangedByteIsFound() throws IOException {
        Path file = written();
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 30] ^= 0x40;
        Files.write(file, bytes);
        try (GgufFile read = GgufFile.open(file)) {
            assertThatThrownBy(() -> {
                TensorStream.compare(tensor("blocks", NumberType.Q8_0, 5, 64), read.tensor("blocks").bytes());
                TensorStream.compare(tensor("half", NumberType.BF16, 3, 5), read.tensor("half").bytes());
            }).isInstanceOf(EngineException.class).hasMessageContaining("try another one");
        }
    }

    @Test
    void aCutOffFileIsRefused() throws IOException {
        Path file = written();
        byte[] bytes = Files.readAllBytes(file);
        for (int length : new int[]{0, 3, 20, 100, bytes.length - 64}) {
            Files.write(file, java.util.Arrays.copyOf(bytes, length));
            assertThatThrownBy(() -> GgufFile.open(file)).isInstanceOf(EngineException.class)
                    .hasMessageContaining("a.gguf");
        }
    }
}
