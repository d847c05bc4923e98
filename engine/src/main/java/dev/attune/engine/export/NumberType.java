package dev.attune.engine.export;

import dev.attune.engine.EngineException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How the numbers of a tensor are stored. All are little-endian; every reading and writing is by whole rows. */
public enum NumberType {
    /** 32-bit floats. */
    F32(0, 0, 1, 4),
    /** IEEE half precision. */
    F16(1, 1, 1, 2),
    /** The upper half of a 32-bit float. */
    BF16(30, 32, 1, 2),
    /** Blocks of 32 whole numbers of 8 bits with one half-precision factor, as llama.cpp's Q8_0. */
    Q8_0(8, 7, 32, 34);

    private static final int BLOCK = 32;

    private final int ggmlType;
    private final int fileType;
    private final int unit;
    private final int unitBytes;

    NumberType(int ggmlType, int fileType, int unit, int unitBytes) {
        this.ggmlType = ggmlType;
        this.fileType = fileType;
        this.unit = unit;
        this.unitBytes = unitBytes;
    }

    /** The type of a name such as {@code bf16}, in either case. */
    public static Optional<NumberType> of(String name) {
        return Arrays.stream(values()).filter(type -> type.name().equalsIgnoreCase(name)).findFirst();
    }

    /** All names as they are typed. */
    public static List<String> names() {
        return Arrays.stream(values()).map(NumberType::shown).toList();
    }

    String shown() {
        return name().toLowerCase(Locale.ROOT);
    }

    int ggmlType() {
        return ggmlType;
    }

    /** {@code general.file_type} of a file that is mostly of this type. */
    int fileType() {
        return fileType;
    }

    static NumberType ofGgmlType(int number) {
        return Arrays.stream(values()).filter(type -> type.ggmlType == number).findFirst()
                .orElseThrow(() -> new EngineException("Tensors of ggml type " + number + " are not read."));
    }

    /** Whether rows of this width can be stored so. */
    boolean fits(long width) {
        return width % unit == 0;
    }

    /** How many bytes so many numbers take. */
    long bytes(long count) {
        return count / unit * unitBytes;
    }

    /** Appends numbers; their count is a multiple of 32, or of 1 where the type has no blocks. */
    void encode(float[] values, int count, ByteBuffer out) {
        switch (this) {
            case F32 -> {
                for (int i = 0; i < count; i++) {
                    out.putFloat(values[i]);
                }
            }
            case F16 -> {
                for (int i = 0; i < count; i++) {
                    out.putShort(Float.floatToFloat16(values[i]));
                }
            }
            case BF16 -> {
                for (int i = 0; i < count; i++) {
                    out.putShort(bfloat16(values[i]));
                }
            }
            case Q8_0 -> {
                for (int i = 0; i < count; i += BLOCK) {
                    encodeBlock(values, i, out);
                }
            }
        }
    }

    /** Reads numbers. */
    void decode(ByteBuffer in, float[] values, int count) {
        switch (this) {
            case F32 -> {
                for (int i = 0; i < count; i++) {
                    values[i] = in.getFloat();
                }
            }
            case F16 -> {
                for (int i = 0; i < count; i++) {
                    values[i] = Float.float16ToFloat(in.getShort());
                }
            }
            case BF16 -> {
                for (int i = 0; i < count; i++) {
                    values[i] = Float.intBitsToFloat(in.getShort() << 16);
                }
            }
            case Q8_0 -> {
                for (int i = 0; i < count; i += BLOCK) {
                    float factor = Float.float16ToFloat(in.getShort());
                    for (int j = 0; j < BLOCK; j++) {
                        values[i + j] = factor * in.get();
                    }
                }
            }
        }
    }

    /**
     * The largest difference that storing may make to a number.
     *
     * @param largest the largest size of a number in the same block of 32
     */
    double bound(double value, double largest) {
        return switch (this) {
            case F32 -> 0;
            case F16 -> Math.max(Math.abs(value) * 0x1p-11, 0x1p-25);
            case BF16 -> Math.max(Math.abs(value) * 0x1p-8, 0x1p-133);
            // Half a step, and the rounding of the factor to half precision, 127 steps away.
            case Q8_0 -> largest / 127 * 0.5001 + Math.max(largest * 0x1p-11, 127 * 0x1p-25);
        };
    }

    private static short bfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
    }

    private static void encodeBlock(float[] values, int from, ByteBuffer out) {
        float largest = 0;
        for (int i = from; i < from + BLOCK; i++) {
            largest = Math.max(largest, Math.abs(values[i]));
        }
        float factor = largest / 127f;
        float inverse = factor == 0 ? 0 : 1 / factor;
        out.putShort(Float.floatToFloat16(factor));
        for (int i = from; i < from + BLOCK; i++) {
            float scaled = values[i] * inverse;
            // Halves away from zero, as C's roundf.
            out.put((byte) (int) (scaled < 0 ? Math.ceil(scaled - 0.5f) : Math.floor(scaled + 0.5f)));
        }
    }
}
