package dev.attune.engine;

import java.util.List;

/** The seven linear layers of a Llama block, by their names in a checkpoint. */
enum LinearModule {
    Q_PROJ("self_attn.q_proj"), K_PROJ("self_attn.k_proj"), V_PROJ("self_attn.v_proj"), O_PROJ("self_attn.o_proj"),
    GATE_PROJ("mlp.gate_proj"), UP_PROJ("mlp.up_proj"), DOWN_PROJ("mlp.down_proj");

    /** Those that read the same input stand in one group and are computed as one product. */
    static final List<List<LinearModule>> GROUPS = List.of(List.of(Q_PROJ, K_PROJ, V_PROJ), List.of(O_PROJ),
            List.of(GATE_PROJ, UP_PROJ), List.of(DOWN_PROJ));

    private final String path;

    LinearModule(String path) {
        this.path = path;
    }

    /** The module's full name in one layer, such as {@code model.layers.3.self_attn.q_proj}. */
    String in(int layer) {
        return "model.layers." + layer + "." + path;
    }

    int inputs(ModelConfig config) {
        return switch (this) {
            case O_PROJ -> config.heads() * config.headSize();
            case DOWN_PROJ -> config.feedForwardSize();
            default -> config.hiddenSize();
        };
    }

    int outputs(ModelConfig config) {
        return switch (this) {
            case Q_PROJ -> config.heads() * config.headSize();
            case K_PROJ, V_PROJ -> config.keyValueHeads() * config.headSize();
            case GATE_PROJ, UP_PROJ -> config.feedForwardSize();
            case O_PROJ, DOWN_PROJ -> config.hiddenSize();
        };
    }
}
