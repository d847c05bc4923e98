package dev.attune.engine.sample;

import java.util.List;

/**
 * Some text as it grows.
 *
 * @param text never part of a stop text, nor ending within a character; empty at times
 * @param tokens the tokens that begin in the text, with their probabilities where those are asked for
 */
public record Piece(String text, List<TokenLogprobs> tokens) {
    static final Piece EMPTY = new Piece("", List.of());

    public Piece {
        tokens = List.copyOf(tokens);
    }
}
