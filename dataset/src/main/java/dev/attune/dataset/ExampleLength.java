package dev.attune.dataset;

import java.util.Optional;

/**
 * The rule by which check, server and trainer judge a row's length on a model of this machine: nothing is ever cut, so a row
 * must fit the model's context, and something of it must be trained. Thread-safe.
 */
public final class ExampleLength {
    private ExampleLength() {}

    /**
     * What is wrong with a row's length, if anything.
     *
     * @param line the row's line, the first is 1
     * @param context the most tokens that the model takes in one row; 0 where it is not known
     */
    public static Optional<Problem> problem(int line, TokenCount tokens, int context) {
        if (context > 0 && tokens.total() > context) {
            return Optional.of(new Problem("example_too_long", Severity.ERROR, line, "",
                    "the row has %,d tokens, but the model takes at most %,d; shorten it or split it"
                            .formatted(tokens.total(), context),
                    ""));
        }
        return tokens.trained() == 0 ? Optional.of(nothingTrained(line)) : Optional.empty();
    }

    static Problem nothingTrained(int line) {
        return new Problem("no_trained_tokens", Severity.ERROR, line, "",
                "the row has no token that would be trained; give an assistant message text and the weight 1", "");
    }
}
