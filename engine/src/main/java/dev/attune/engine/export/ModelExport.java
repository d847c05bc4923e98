package dev.attune.engine.export;

import dev.attune.engine.EngineException;

/**
 * Writes a model for other programs. It is written beside its place, read back, every tensor compared with what it should
 * be, the logits of what was written compared with those of base and adapter, and only then named. Memory: one tensor
 * while it is written, one model in 32-bit floats while logits are compared.
 */
public final class ModelExport {
    /** What summing in another order may change; more is a fault. */
    private static final double ROUNDING = 1e-3;

    private ModelExport() {}

    /**
     * Exports a model.
     *
     * @throws EngineException where something is missing or does not fit, the form cannot hold the model, the disk is
     *         full, the output exists, or what was written is not the model
     */
    public static ExportReport run(ExportRequest request) {
        if (request.adapterOnly() && request.format() == ExportFormat.HF) {
            throw new EngineException("hf is a whole model; give --format peft or gguf with --adapter-only.");
        }
        return switch (request.format()) {
            case PEFT -> PeftExport.run(request);
            case HF -> HubExport.run(request);
            case GGUF -> GgufExport.run(request);
        };
    }

    /**
     * The same difference, if storing numbers so explains it.
     *
     * @throws EngineException where it does not
     */
    static LogitDifference checked(LogitDifference difference, NumberType type) {
        if (!Double.isFinite(difference.largest()) || type == NumberType.F32 && difference.relative() > ROUNDING) {
            throw new EngineException("The logits of what was written are off by " + difference.largest()
                    + ", so it is not kept; please report this with the model's config.json.");
        }
        return difference;
    }
}
