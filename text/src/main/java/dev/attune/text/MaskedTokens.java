package dev.attune.text;

/**
 * The tokens of one example and which of them are trained.
 *
 * @param ids token ids, length N
 * @param trained whether token i is a target of the loss, length N; the first is never trained
 */
public record MaskedTokens(int[] ids, boolean[] trained) {
    public MaskedTokens {
        if (ids.length != trained.length) {
            throw new IllegalArgumentException(ids.length + " ids, but " + trained.length + " flags");
        }
    }

    public int length() {
        return ids.length;
    }

    public int trainedCount() {
        int count = 0;
        for (boolean flag : trained) {
            count += flag ? 1 : 0;
        }
        return count;
    }
}
