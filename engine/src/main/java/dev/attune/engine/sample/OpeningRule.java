package dev.attune.engine.sample;

import dev.attune.text.Tokenizer;
import java.util.List;

/** A text that begins with one of several openings, token for token as the tokenizer writes them, and then is free. */
final class OpeningRule implements TokenRule {
    private List<int[]> possible;
    private int taken;

    OpeningRule(Tokenizer tokenizer, List<String> openings) {
        possible = openings.stream().map(tokenizer::encode).filter(ids -> ids.length > 0).toList();
    }

    @Override
    public boolean allows(int token) {
        int[] few = few();
        for (int each : few) {
            if (each == token) {
                return true;
            }
        }
        return few.length == 0;
    }

    /** Nothing once an opening is whole; where one opening is the beginning of another, the shorter is enough. */
    @Override
    public int[] few() {
        boolean open = !possible.isEmpty() && possible.stream().allMatch(ids -> ids.length > taken);
        return open ? possible.stream().mapToInt(ids -> ids[taken]).distinct().toArray() : new int[0];
    }

    @Override
    public void take(int token) {
        if (few().length > 0) {
            possible = possible.stream().filter(ids -> ids[taken] == token).toList();
            taken++;
        }
    }
}
