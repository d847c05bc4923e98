package dev.attune.dataset.quality;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Many different answers of exactly the greatest length: an export or a form cut them there. Only the longest lengths are
 * kept, so memory does not grow.
 */
final class LengthCeiling implements QualityCheck {
    private static final CheckKind KIND = CheckKind.warning("answers_cut_at_length", "answers cut at one length",
            "export them again without the limit",
            "Several different answers have exactly the greatest length, hardly any comes near it, and most of those stop without an end mark: a form, a column or an export has cut them.");
    private static final int KEPT_LENGTHS = 64;
    private static final int SHORTEST = 100;
    private static final int FEWEST = 5;
    private static final double OF_ALL = 0.01;
    private static final double NEAR = 0.9;
    private static final double WITHOUT_MARK = 0.5;

    private final TreeMap<Integer, Lengths> longest = new TreeMap<>();
    private int answers;

    /** The answers of one length. */
    private static final class Lengths {
        private final Reporter.Places places = new Reporter.Places();
        private final Set<Integer> different = new HashSet<>();
        private int withoutMark;
        private String what = "";

        String what(int length) {
            what = what.isEmpty() ? "the answer has %,d characters".formatted(length) : what;
            return what;
        }
    }

    @Override
    public List<CheckKind> kinds() {
        return List.of(KIND);
    }

    @Override
    public Note look(RowTexts row) {
        return row.answer().isEmpty() ? Note.NONE : out -> note(row);
    }

    private void note(RowTexts row) {
        String answer = row.answer();
        answers++;
        int length = answer.length();
        if (length < SHORTEST || longest.size() >= KEPT_LENGTHS && length < longest.firstKey()) {
            return;
        }
        Lengths same = longest.computeIfAbsent(length, key -> new Lengths());
        if (same.different.size() < 1 << 10) {
            same.different.add(answer.hashCode());
        }
        char last = answer.charAt(length - 1);
        same.withoutMark += Character.isLetterOrDigit(last) || Character.isWhitespace(last) || last == ',' ? 1 : 0;
        same.places.add(row.line(), row.answerPointer(), same.what(length),
                Excerpt.end(answer));
        if (longest.size() > KEPT_LENGTHS) {
            longest.pollFirstEntry();
        }
    }

    @Override
    public void end(Reporter out) {
        Map.Entry<Integer, Lengths> top = longest.lastEntry();
        if (top == null) {
            return;
        }
        Lengths same = top.getValue();
        int near = longest.tailMap((int) (NEAR * top.getKey())).values().stream()
                .mapToInt(lengths -> lengths.places.rows()).sum() - same.places.rows();
        if (same.different.size() >= Math.max(FEWEST, OF_ALL * answers) && near <= same.places.rows()
                && same.withoutMark >= WITHOUT_MARK * same.places.rows()) {
            out.whole(KIND, "%,d answers have exactly %,d characters, the greatest length there is"
                    .formatted(same.places.rows(), top.getKey()), same.places);
        }
    }
}
