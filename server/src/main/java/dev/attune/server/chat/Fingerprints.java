package dev.attune.server.chat;

import dev.attune.engine.model.ModelRef;
import dev.attune.server.store.Hash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A short name for what a model's answers depend on, so that a client that gives a seed can see when it changes: the names,
 * sizes and times of its weights, and the Java that runs it. Thread-safe.
 */
final class Fingerprints {
    private static final int MOST_KNOWN = 1000;

    private final Map<ModelRef, String> known = new ConcurrentHashMap<>();

    String of(ModelRef model) {
        if (known.size() > MOST_KNOWN) {
            known.clear();
        }
        return known.computeIfAbsent(model, Fingerprints::compute);
    }

    private static String compute(ModelRef model) {
        MessageDigest digest = Hash.sha256();
        add(digest, model.base());
        if (!model.adapter().isEmpty()) {
            add(digest, Path.of(model.adapter()));
        }
        digest.update(Runtime.version().toString().getBytes(StandardCharsets.UTF_8));
        return "fp_" + HexFormat.of().formatHex(digest.digest(), 0, 5);
    }

    private static void add(MessageDigest digest, Path folder) {
        var files = new TreeMap<String, String>();
        try (DirectoryStream<Path> weights = Files.newDirectoryStream(folder, "*.safetensors")) {
            for (Path file : weights) {
                files.put(file.getFileName().toString(), Files.size(file) + " " + Files.getLastModifiedTime(file));
            }
        } catch (IOException e) {
            // What cannot be read cannot speak either; the engine says so.
            files.put(folder.toString(), "");
        }
        digest.update(files.toString().getBytes(StandardCharsets.UTF_8));
    }
}
