package dev.attune.engine.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.engine.EngineException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {
    @TempDir
    Path dir;

    private static SafetensorsWriter with(String name, SafetensorsWriter.DataType type, float... values) {
        return new SafetensorsWriter().add(name, type, new long[]{values.length}, MemorySegment.ofArray(values));
    }

    @Test
    void floatsComeBackAsTheyWere() {
        float[] values = {0f, -0f, 1.5f, -3.25e-20f, Float.MAX_VALUE, Float.MIN_VALUE, Float.POSITIVE_INFINITY};
        Path file = dir.resolve("a.safetensors");
        with("x", SafetensorsWriter.DataType.F32, values).write(file);
        try (Safetensors read = Safetensors.openFile(file)) {
            assertThat(read.floats("x")).containsExactly(values);
            assertThat(read.shape("x")).containsExactly(values.length);
        }
    }

    @Test
    void bfloat16RoundsToTheNearestTiesToEven() {
        Path file = dir.resolve("b.safetensors");
        float tieDown = Float.intBitsToFloat(0x3f808000);
        float tieUp = Float.intBitsToFloat(0x3f818000);
        float above = Float.intBitsToFloat(0x3f808001);
        with("x", SafetensorsWriter.DataType.BF16, tieDown, tieUp, above, -2f, Float.NaN).write(file);
        try (Safetensors read = Safetensors.openFile(file)) {
            assertThat(read.floats("x")).containsExactly(1f, Float.intBitsToFloat(0x3f820000),
                    Float.intBitsToFloat(0x3f810000), -2f, Float.NaN);
        }
    }

    @Test
    void halfPrecisionIsWidened() throws IOException {
        byte[] header = "{\"x\":{\"dtype\":\"F16\",\"shape\":[4],\"data_offsets\":[0,8]}}"
                .getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + header.length + 8).order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length).put(header).putShort((short) 0x3c00).putShort((short) 0xc100)
                .putShort((short) 0x0001).putShort((short) 0x7c00);
        Path file = Files.write(dir.resolve("h.safetensors"), bytes.array());
        try (Safetensors read = Safetensors.openFile(file)) {
            assertThat(read.floats("x")).containsExactly(1f, -2.5f, 0x1p-24f, Float.POSITIVE_INFINITY);
            assertThat(read.dataType("x")).isEqualTo("F16");
            assertThat(read.isFinite("x")).isFalse();
        }
    }

    @Test
    void numbersThatAreNoneAreFoundInEachType() {
        for (SafetensorsWriter.DataType type : SafetensorsWriter.DataType.values()) {
            Path file = dir.resolve(type + ".safetensors");
            with("x", type, 1f, 60_000f, -0f).write(file);
            try (Safetensors read = Safetensors.openFile(file)) {
                assertThat(read.isFinite("x")).as(type + " of numbers").isTrue();
            }
            with("x", type, 1f, Float.NaN).write(file);
            try (Safetensors read = Safetensors.openFile(file)) {
                assertThat(read.isFinite("x")).as(type + " with NaN").isFalse();
            }
        }
    }

    @Test
    void shardsAreFoundThroughTheIndex() throws IOException {
        with("x", SafetensorsWriter.DataType.F32, 1f).write(dir.resolve("one.safetensors"));
        with("y", SafetensorsWriter.DataType.F32, 2f).write(dir.resolve("two.safetensors"));
        Files.writeString(dir.resolve("model.safetensors.index.json"),
                "{\"metadata\":{\"total_size\":8},\"weight_map\":{\"x\":\"one.safetensors\",\"y\":\"two.safetensors\"}}");
        try (Safetensors read = Safetensors.openModel(dir)) {
            assertThat(read.names()).containsExactly("x", "y");
            assertThat(read.floats("y")).containsExactly(2f);
        }
    }

    @Test
    void aCutOffFileIsNamed() throws IOException {
        Path whole = dir.resolve("whole.safetensors");
        with("x", SafetensorsWriter.DataType.F32, 1f, 2f, 3f).write(whole);
        byte[] bytes = Files.readAllBytes(whole);
        Path cut = dir.resolve("cut.safetensors");
        Files.write(cut, Arrays.copyOf(bytes, bytes.length - 4));
        assertThatThrownBy(() -> Safetensors.openFile(cut)).isInstanceOf(EngineException.class)
                .hasMessageContaining("cut.safetensors").hasMessageContaining("tensor x");
        Files.write(cut, new byte[]{1, 2, 3});
        assertThatThrownBy(() -> Safetensors.openFile(cut)).hasMessageContaining("not a safetensors file");
    }

    @Test
    void aDirectoryWithoutWeightsSaysSo() {
        assertThatThrownBy(() -> Safetensors.openModel(dir)).isInstanceOf(EngineException.class)
                .hasMessageContaining("no model.safetensors");
    }
}
