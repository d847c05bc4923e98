package dev.attune.engine.config;

import java.util.regex.Pattern;

/** Which files of a model's folder, here or at a hub, make the model; the same weights in other forms do not. */
public final class ModelFileNames {
    private static final Pattern WEIGHTS = Pattern.compile("model(-\\d+-of-\\d+)?\\.safetensors");
    private static final Pattern TEXT = Pattern.compile("(config|generation_config|special_tokens_map|added_tokens"
            + "|tokenizer[^/]*|chat_template[^/]*|vocab|preprocessor_config|processor_config)\\.(json|model|jinja)"
            + "|merges\\.txt|additional_chat_templates/[^/]+\\.jinja|(LICENSE|LICENCE|NOTICE|USE_POLICY)[^/]*");
    private static final String INDEX = "model.safetensors.index.json";

    private ModelFileNames() {}

    /** Whether a file holds weights. */
    public static boolean isWeights(String path) {
        return WEIGHTS.matcher(path).matches();
    }

    /** Whether a file says in which files the weights are. */
    public static boolean isIndex(String path) {
        return path.equals(INDEX);
    }

    /** Whether a file is a configuration, a part of the tokenizer, a template or a licence. */
    public static boolean isText(String path) {
        return TEXT.matcher(path).matches();
    }

    /**
     * Whether a file belongs to the model.
     *
     * @param path relative to the model's folder, with slashes
     */
    public static boolean isPart(String path) {
        return isWeights(path) || isIndex(path) || isText(path);
    }
}
