package dev.attune.engine;

import java.util.Locale;
import org.bytedeco.pytorch.global.torch;

/** The numbers in which a frozen model's matrices are held and multiplied. Everything else is computed in 32-bit floats. */
public enum Precision {
    /** 32-bit floats: the reference. */
    FLOAT32(torch.ScalarType.Float, "F32", 4),
    /** bfloat16: half the memory, and several times the speed on processors that multiply it natively. */
    BFLOAT16(torch.ScalarType.BFloat16, "BF16", 2);

    private final torch.ScalarType type;
    private final String stored;
    private final int bytes;

    Precision(torch.ScalarType type, String stored, int bytes) {
        this.type = type;
        this.stored = stored;
        this.bytes = bytes;
    }

    torch.ScalarType type() {
        return type;
    }

    /** The name of this type in a safetensors file. */
    String stored() {
        return stored;
    }

    /** Its name in {@code job.json}. */
    String jsonName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The one with a name.
     *
     * @throws EngineException where there is none
     */
    static Precision named(String name) {
        for (Precision precision : values()) {
            if (precision.jsonName().equals(name)) {
                return precision;
            }
        }
        throw new EngineException("This job cannot be run: the precision " + name
                + " is not known; float32 and bfloat16 are.");
    }

    /** Bytes of one number. */
    public int bytes() {
        return bytes;
    }
}
