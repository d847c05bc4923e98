package dev.attune.engine.config;

import dev.attune.engine.EngineException;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/** A base model's directory: what identifies it. */
public final class BaseModel {
    private static final Set<String> COUNTED = Set.of("config.json", "generation_config.json", "tokenizer.json",
            "tokenizer_config.json", "special_tokens_map.json", "chat_template.jinja", "model.safetensors.index.json");

    private BaseModel() {}

    /**
     * The SHA-256, in lower-case hex, over the names and bytes of all that decides what the model says: configuration,
     * weights, tokenizer and template. A README beside them does not count.
     */
    public static String hash(Path modelDir) {
        ModelConfig.read(modelDir);
        try (var entries = Files.list(modelDir)) {
            List<Path> files = entries.filter(BaseModel::counts).sorted().toList();
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Path file : files) {
                digest.update((file.getFileName() + "\0" + Files.size(file) + "\0").getBytes(StandardCharsets.UTF_8));
                update(digest, file);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw new EngineException(modelDir + " cannot be read: " + e.getMessage(), e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean counts(Path file) {
        String name = String.valueOf(file.getFileName());
        return Files.isRegularFile(file) && (COUNTED.contains(name) || name.endsWith(".safetensors"));
    }

    private static void update(MessageDigest digest, Path file) throws IOException {
        var buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
    }
}
