package dev.attune.engine.sample;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * Tells the tokens of a growing text with the pieces in which they begin: those whose text is held back are held back with
 * it, and those of a stop text are never told. Not thread-safe.
 */
final class ToldTokens {
    private record Waiting(TokenLogprobs token, int start) {}

    private final Queue<Waiting> waiting = new ArrayDeque<>();
    private final List<TokenLogprobs> told = new ArrayList<>();

    /** @param start how many characters the tokens before it have made, whether given out yet or not */
    void add(TokenLogprobs token, int start) {
        waiting.add(new Waiting(token, start));
    }

    /** Those that begin in the first {@code length} characters and have not been told. */
    List<TokenLogprobs> upTo(int length) {
        var now = new ArrayList<TokenLogprobs>();
        for (Waiting next = waiting.peek(); next != null && next.start() < length; next = waiting.peek()) {
            now.add(waiting.remove().token());
        }
        told.addAll(now);
        return now;
    }

    /** All that were told. */
    List<TokenLogprobs> all() {
        return told;
    }
}
