package dev.attune.engine.data;

import dev.attune.text.MaskedTokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Makes examples fit by a policy, and counts what that costs. Not thread-safe. */
public final class LengthLimit {
    private final int most;
    private final OverLength policy;
    private int examples;
    private int leftOut;
    private int changed;
    private long lostTokens;
    private long lostTrained;

    /** @param most tokens that an example may have, at least 2 */
    public LengthLimit(int most, OverLength policy) {
        this.most = most;
        this.policy = policy;
    }

    int most() {
        return most;
    }

    /** Whether an example is to be reported instead of being made to fit. */
    boolean refuses(MaskedTokens example) {
        return policy == OverLength.REFUSE && example.length() > most;
    }

    /** What is trained of an example: itself where it fits, else what the policy leaves of it, which may be nothing. */
    List<MaskedTokens> fit(MaskedTokens example) {
        examples++;
        if (example.length() <= most) {
            return List.of(example);
        }
        List<MaskedTokens> left = switch (policy) {
            case DROP, REFUSE -> List.<MaskedTokens>of();
            case TRUNCATE -> List.of(piece(example, 0));
            case SPLIT -> pieces(example);
        };
        List<MaskedTokens> kept = left.stream().filter(piece -> piece.trainedCount() > 0).toList();
        count(example, kept);
        return kept;
    }

    /** What is left of two answers to one question; nothing where one of them has nothing left, or they no longer differ. */
    Optional<List<MaskedTokens>> fit(MaskedTokens preferred, MaskedTokens other) {
        examples++;
        List<MaskedTokens> both = List.of(preferred, other);
        if (both.stream().allMatch(answer -> answer.length() <= most)) {
            return Optional.of(both);
        }
        List<MaskedTokens> cut = both.stream().map(answer -> answer.length() <= most ? answer : piece(answer, 0))
                .toList();
        boolean kept = policy == OverLength.TRUNCATE && cut.stream().allMatch(answer -> answer.trainedCount() > 0)
                && !Arrays.equals(cut.getFirst().ids(), cut.getLast().ids());
        leftOut += kept ? 0 : 1;
        changed += kept ? 1 : 0;
        for (int i = 0; i < both.size(); i++) {
            lostTokens += both.get(i).length() - (kept ? cut.get(i).length() : 0);
            lostTrained += both.get(i).trainedCount() - (kept ? cut.get(i).trainedCount() : 0);
        }
        return kept ? Optional.of(cut) : Optional.empty();
    }

    private void count(MaskedTokens example, List<MaskedTokens> kept) {
        if (kept.isEmpty()) {
            leftOut++;
        } else {
            changed++;
        }
        long repeated = Math.max(0, kept.size() - 1);
        lostTokens += Math.max(0, example.length() - kept.stream().mapToLong(MaskedTokens::length).sum() + repeated);
        lostTrained += example.trainedCount() - kept.stream().mapToLong(MaskedTokens::trainedCount).sum();
    }

    private List<MaskedTokens> pieces(MaskedTokens example) {
        var pieces = new ArrayList<MaskedTokens>();
        for (int from = 0; from < example.length() - 1; from += most - 1) {
            pieces.add(piece(example, from));
        }
        return pieces;
    }

    private MaskedTokens piece(MaskedTokens example, int from) {
        int to = Math.min(example.length(), from + most);
        boolean[] trained = Arrays.copyOfRange(example.trained(), from, to);
        trained[0] = false;
        return new MaskedTokens(Arrays.copyOfRange(example.ids(), from, to), trained);
    }

    /** What became of the examples that were too long, in a sentence; empty where there were none. */
    Optional<String> told(String file) {
        if (leftOut + changed == 0) {
            return Optional.empty();
        }
        var done = new ArrayList<String>();
        if (changed > 0) {
            done.add(changed + (changed == 1 ? " was " : " were ") + (policy == OverLength.SPLIT ? "split" : "cut"));
        }
        if (leftOut > 0) {
            done.add(leftOut + (leftOut == 1 ? " was" : " were") + " left out");
        }
        return Optional.of(String.format(Locale.ROOT,
                "%,d of %,d examples of the %s file have more than %,d tokens: %s; %,d tokens are lost, %,d of them trained.",
                leftOut + changed, examples, file, most, String.join(" and ", done), lostTokens, lostTrained));
    }
}
