package dev.attune.workflow;

import dev.attune.dataset.TokenCount;
import dev.attune.dataset.TokenCounter;
import dev.attune.text.ChatEncoder;
import dev.attune.text.Message;
import dev.attune.text.OpenAiTokenizer;
import dev.attune.workflow.WorkflowException.Code;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * How a base model counts tokens: with its own tokenizer and template where its folder is at hand; as OpenAI bills where
 * OpenAI or Azure hosts it; else by bytes, which a byte-level tokenizer never exceeds. Whoever opens one closes it.
 */
final class TokenCounting implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Optional<Path> folder;
    private final Optional<ChatEncoder> encoder;
    private final Optional<Hosted> hosted;

    /** A model that OpenAI or Azure hosts, and its tokenizer. */
    private record Hosted(String model, OpenAiTokenizer tokenizer) {}

    private TokenCounting(Optional<Path> folder, Optional<Hosted> hosted) {
        this.folder = folder;
        this.encoder = folder.map(ChatEncoder::open);
        this.hosted = hosted;
    }

    /** Looks for a base model: a folder of that path, or a child of that name in one of the folders. */
    static TokenCounting of(Recipe recipe, List<Path> modelFolders) {
        String base = recipe.base().startsWith("ft:") ? recipe.base().split(":", -1)[1] : recipe.base();
        if (recipe.provider() != Provider.ATTUNE) {
            return new TokenCounting(Optional.empty(), Optional.of(new Hosted(base, OpenAiTokenizer.forModel(base))));
        }
        return new TokenCounting(
                modelFolders.stream().map(folder -> folder.resolve(base)).filter(TokenCounting::isModel)
                        .findFirst(),
                Optional.empty());
    }

    /** Whether tokens are counted as the model counts them. */
    boolean isExact() {
        return encoder.isPresent() || hosted.isPresent();
    }

    TokenCounter counter() {
        if (hosted.isPresent()) {
            return TokenCounter.openAi(hosted.get().tokenizer(), hosted.get().model());
        }
        if (encoder.isEmpty()) {
            return conversation -> {
                int total = 0;
                int trained = 0;
                for (Message message : conversation.messages()) {
                    int bytes = bytes(message.content());
                    total += bytes;
                    trained += message instanceof Message.Assistant assistant && assistant.weight() == 1
                            ? bytes + 1
                            : 0;
                }
                return new TokenCount(total + conversation.messages().size() * 4, trained);
            };
        }
        return TokenCounter.of(encoder.get());
    }

    /** Tokens of a plain text, at least as many as the model needs for it. */
    ToIntFunction<String> ofText() {
        return encoder.map(ChatEncoder::tokenizer).or(() -> hosted.map(Hosted::tokenizer))
                .<ToIntFunction<String>>map(tokenizer -> text -> tokenizer.encode(text).length)
                .orElse(TokenCounting::bytes);
    }

    /** The most tokens of one row, or 0 where it is not known. */
    int context() {
        return folder.map(path -> {
            try {
                JsonNode config = JSON.readTree(path.resolve("config.json").toFile());
                return config.path("max_position_embeddings").asInt(0);
            } catch (JacksonException e) {
                return 0;
            }
        }).orElse(0);
    }

    /**
     * What {@code sha256sum} says of the model's weights, each file by its name; empty where its folder is not at hand.
     * Reads all of them.
     */
    Map<String, String> weightHashes() {
        var hashes = new TreeMap<String, String>();
        folder.ifPresent(path -> {
            try (var files = Files.newDirectoryStream(path, "*.safetensors")) {
                files.forEach(file -> hashes.put(file.getFileName().toString(), Fingerprint.of(file)));
            } catch (IOException e) {
                throw new WorkflowException(Code.IO,
                        "The base model " + path + " cannot be read (" + e.getMessage() + ").", e);
            }
        });
        return hashes;
    }

    @Override
    public void close() {
        encoder.ifPresent(ChatEncoder::close);
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static boolean isModel(Path folder) {
        return Files.isRegularFile(folder.resolve("config.json"))
                && Files.isRegularFile(folder.resolve("tokenizer.json"));
    }
}
