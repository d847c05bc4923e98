package dev.attune.engine.model;

import dev.attune.engine.tensor.Safetensors;

import dev.attune.text.MaskedTokens;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A tiny model with the numbers that transformers and PEFT compute from it, in 32 bits. */
public record Golden(Path dir, Safetensors numbers) implements AutoCloseable {

    public static Golden open(String name) {
        try {
            return open(Path.of(Golden.class.getResource("/golden/" + name).toURI()));
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    public static Golden open(Path dir) {
        return new Golden(dir, Safetensors.openFile(dir.resolve("golden.safetensors")));
    }

    public Path adapter() {
        return dir.resolve("adapter");
    }

    /** The reference's sequences without their padding. */
    public List<MaskedTokens> examples() {
        long[] ids = numbers.longs("input_ids");
        long[] mask = numbers.longs("attention_mask");
        long[] labels = numbers.longs("labels");
        int width = (int) numbers.shape("input_ids")[1];
        var examples = new ArrayList<MaskedTokens>();
        for (int row = 0; row < ids.length / width; row++) {
            int length = 0;
            while (length < width && mask[row * width + length] == 1) {
                length++;
            }
            var tokens = new int[length];
            var trained = new boolean[length];
            for (int i = 0; i < length; i++) {
                tokens[i] = (int) ids[row * width + i];
                trained[i] = labels[row * width + i] >= 0;
            }
            examples.add(new MaskedTokens(tokens, trained));
        }
        return examples;
    }

    /** The reference's logits of one sequence's real tokens, row-major. */
    float[] logits(String name, int row, int length) {
        float[] all = numbers.floats(name);
        int vocabulary = (int) numbers.shape(name)[2];
        int width = (int) numbers.shape(name)[1];
        return java.util.Arrays.copyOfRange(all, row * width * vocabulary, (row * width + length) * vocabulary);
    }

    @Override
    public void close() {
        numbers.close();
    }
}
