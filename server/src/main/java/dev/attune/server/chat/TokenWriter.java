package dev.attune.server.chat;

import dev.attune.engine.sample.TokenLogprobs;
import dev.attune.text.TokenBytes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes tokens with their log probabilities as the wire does: a token that is a part of a character as {@code \xe2}. */
record TokenWriter(TokenBytes bytes) {
    /** What the wire says of a token that is as good as impossible. */
    private static final double LEAST = -9999;

    List<ChatWire.TokenLogprob> write(List<TokenLogprobs> tokens) {
        return tokens.stream().map(this::write).toList();
    }

    private ChatWire.TokenLogprob write(TokenLogprobs token) {
        int id = token.chosen().token();
        return new ChatWire.TokenLogprob(text(id), finite(token.chosen().value()), numbers(id), token.top().stream()
                .map(top -> new ChatWire.TopLogprob(text(top.token()), finite(top.value()), numbers(top.token())))
                .toList());
    }

    /** The text of a token. */
    String text(int id) {
        byte[] token = bytes.of(id);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(token)).toString();
        } catch (CharacterCodingException e) {
            var escaped = new StringBuilder();
            for (byte each : token) {
                escaped.append(String.format("\\x%02x", each & 0xFF));
            }
            return escaped.toString();
        }
    }

    static double finite(double logprob) {
        return Double.isNaN(logprob) ? LEAST : Math.max(LEAST, logprob);
    }

    private int[] numbers(int id) {
        byte[] token = bytes.of(id);
        var numbers = new int[token.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = token[i] & 0xFF;
        }
        return numbers;
    }
}
