package dev.attune.engine.config;

import dev.attune.engine.EngineException;
import dev.attune.engine.tensor.Tensors;

import java.util.Locale;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The numbers in which a frozen model's matrices are held and in which a batch passes through its layers. Norms, the loss,
 * the sums of gradients and what is trained are 32-bit floats in any case.
 */
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

    public torch.ScalarType type() {
        return type;
    }

    /** A tensor in these numbers; to floats nothing is widened, since all but bfloat16 are. */
    public Tensor of(Tensor tensor) {
        return this == BFLOAT16 ? Tensors.bfloat16(tensor) : tensor;
    }

    /** The name of this type in a safetensors file. */
    public String stored() {
        return stored;
    }

    /** Its name in {@code job.json}. */
    public String jsonName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The one with a name.
     *
     * @throws EngineException where there is none
     */
    public static Precision named(String name) {
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
