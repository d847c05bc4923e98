package dev.attune.dataset;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Deals rows one after the other, in the file's order, so that what comes later moves nothing: a row goes to the part of
 * the earlier rows that it belongs to or is near, and where there are none, to the part that the hash of its group (or of
 * its question) says. A row that is close to rows of two parts is left out. Not thread-safe.
 */
final class StickyDeal {
    /** The part of a row that is in none. */
    static final int LEFT_OUT = -1;

    private static final int UNDECIDED = 0;

    private final List<Row> rows;
    private final SplitPlan plan;
    private final int[] part;
    private final Map<String, Integer> ofGroup = new HashMap<>();
    private final Map<String, Integer> ofQuestion = new HashMap<>();
    private final List<View> views = new ArrayList<>();
    private final List<Grouping.Joined> joins = new ArrayList<>();

    /** One way in which texts are compared, and which of its sets may be near. */
    private record View(List<long[]> sets, PrefixFilter filter, Bond bond) {
        static View of(List<long[]> sets, Bond bond) {
            return new View(sets, new PrefixFilter(sets, NearDuplicates.THRESHOLD), bond);
        }
    }

    /** What a row is close to so far: a bit for each part, and the first earlier row. */
    private final class Close {
        private final int row;
        private int parts = UNDECIDED;

        Close(int row) {
            this.row = row;
        }

        void to(int earlier, Bond bond) {
            if (part[earlier] != LEFT_OUT && (parts & 1 << part[earlier]) == 0) {
                if (parts == UNDECIDED) {
                    joins.add(new Grouping.Joined(earlier, row, bond));
                }
                parts |= 1 << part[earlier];
            }
        }

        void tryNear(int earlier, View view) {
            if (part[earlier] != LEFT_OUT && (parts & 1 << part[earlier]) == 0
                    && NearDuplicates.similarity(view.sets.get(earlier), view.sets.get(row),
                            NearDuplicates.THRESHOLD) > 0) {
                to(earlier, view.bond);
            }
        }
    }

    StickyDeal(List<Row> rows, SplitPlan plan) {
        this.rows = rows;
        this.plan = plan;
        this.part = new int[rows.size()];
        if (plan.nearTogether()) {
            List<String> questions = rows.stream().map(NormalText::question).toList();
            views.add(View.of(questions.stream().map(Shingles::characters).toList(), Bond.NEAR_QUESTION));
            views.add(View.of(questions.stream().map(Shingles::words).toList(), Bond.NEAR_QUESTION));
            List<String> whole = rows.stream().map(NormalText::whole).toList();
            views.add(View.of(whole.stream().map(Shingles::characters).toList(), Bond.NEAR_ROW));
            views.add(View.of(whole.stream().map(Shingles::words).toList(), Bond.NEAR_ROW));
        }
    }

    /** The part of each row, or {@link #LEFT_OUT}. */
    int[] deal() {
        for (int i = 0; i < part.length; i++) {
            part[i] = next(i);
        }
        return part;
    }

    /** Pairs that put a row into the part of an earlier one, those of rows left out not among them. */
    List<Grouping.Joined> joins() {
        return joins.stream().filter(join -> part[join.second()] != LEFT_OUT).toList();
    }

    private int next(int row) {
        var close = new Close(row);
        String group = plan.group().in(rows.get(row)).orElse("");
        String question = NormalText.question(rows.get(row));
        Integer sameGroup = group.isEmpty() ? null : ofGroup.get(group);
        Integer sameQuestion = ofQuestion.get(question);
        if (sameGroup != null) {
            close.to(sameGroup, Bond.SAME_GROUP);
        }
        if (sameQuestion != null) {
            close.to(sameQuestion, Bond.SAME_QUESTION);
        }
        views.forEach(view -> view.filter.next(row, earlier -> close.tryNear(earlier, view)));
        int decided = switch (Integer.bitCount(close.parts)) {
            case 0 -> byHash(group.isEmpty() ? question : group);
            case 1 -> Integer.numberOfTrailingZeros(close.parts);
            default -> LEFT_OUT;
        };
        if (decided != LEFT_OUT) {
            ofQuestion.putIfAbsent(question, row);
            if (!group.isEmpty()) {
                ofGroup.putIfAbsent(group, row);
            }
        }
        return decided;
    }

    private int byHash(String id) {
        double at = uniform(plan.seed(), id);
        return at < plan.test() ? 2 : at < plan.test() + plan.validation() ? 1 : 0;
    }

    /** A number in [0, 1) that is the same for the same seed and text everywhere: 53 bits of SHA-256. */
    static double uniform(long seed, String id) {
        byte[] hash = TextDigest.sha256().digest((seed + "\n" + id).getBytes(StandardCharsets.UTF_8));
        return (ByteBuffer.wrap(hash).getLong() >>> 11) * 0x1p-53;
    }
}
