package dev.attune.engine.sample;

import java.util.List;

/**
 * A token of a text with its log probability, and the likeliest tokens in its place, the likeliest first.
 */
public record TokenLogprobs(Logprob chosen, List<Logprob> top) {
    public TokenLogprobs {
        top = List.copyOf(top);
    }

    /**
     * Reads them off the logits from which a token was chosen.
     *
     * @param vocabulary how many logits belong to tokens; a matrix may have more, to fill it up
     */
    static TokenLogprobs of(float[] logits, int vocabulary, int token, int alternatives) {
        int count = Math.min(vocabulary, logits.length);
        double highest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            highest = Math.max(highest, logits[i]);
        }
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += Math.exp(logits[i] - highest);
        }
        double normalizer = highest + Math.log(sum);
        List<Logprob> top = likeliest(logits, count, Math.min(alternatives, count)).stream()
                .map(id -> new Logprob(id, logits[id] - normalizer)).toList();
        return new TokenLogprobs(new Logprob(token, logits[token] - normalizer), top);
    }

    private static List<Integer> likeliest(float[] logits, int count, int wanted) {
        var best = new java.util.ArrayList<Integer>(wanted + 1);
        for (int id = 0; id < count && wanted > 0; id++) {
            if (best.size() == wanted && logits[id] <= logits[best.getLast()]) {
                continue;
            }
            int at = best.size();
            while (at > 0 && logits[best.get(at - 1)] < logits[id]) {
                at--;
            }
            best.add(at, id);
            if (best.size() > wanted) {
                best.removeLast();
            }
        }
        return best;
    }
}
