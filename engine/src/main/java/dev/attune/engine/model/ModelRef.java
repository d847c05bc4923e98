package dev.attune.engine.model;

import java.nio.file.Path;

/**
 * Which model to speak with: a base model, or a base model with an adapter.
 *
 * @param base directory of the base model
 * @param adapter PEFT directory, or empty for the base alone
 */
public record ModelRef(Path base, String adapter) {
    public ModelRef {
        base = base.toAbsolutePath().normalize();
    }

    public static ModelRef base(Path base) {
        return new ModelRef(base, "");
    }

    public static ModelRef tuned(Path base, Path adapter) {
        return new ModelRef(base, adapter.toAbsolutePath().normalize().toString());
    }
}
