package dev.attune.dataset;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * What near texts mean: rows joined into groups within a file, questions known from files before, and answers that differ
 * where questions hardly do. Takes 4 bytes of the heap for each row. Not thread-safe.
 */
final class NearFindings implements NearTexts.Found, AutoCloseable {
    private final List<ScannedFile> files;
    private final RowStore rows;
    private final SameTexts same;
    private final Components components;
    private final SpillSorter contradictions;
    private final SpillSorter leaks;
    private final BitSet inNearContradiction = new BitSet();
    private final long[] nearContradicting;

    NearFindings(ScanFolder folder, RowStore rows, List<ScannedFile> files, SameTexts same, Components wholes) {
        this.files = files;
        this.rows = rows;
        this.same = same;
        this.components = wholes;
        this.contradictions = folder.sorter(3, ScanFolder.SMALL);
        this.leaks = folder.sorter(4, ScanFolder.SMALL);
        this.nearContradicting = new long[files.size()];
    }

    @Override
    public boolean compares(NearView view, long row) {
        return !(view.isQuestion() ? same.questionCopies : same.wholeCopies).get((int) row);
    }

    @Override
    public boolean known(NearView view, long first, long second) {
        if (!view.isQuestion()) {
            return components.joined((int) first, (int) second);
        }
        ScannedFile before = ScannedFile.of(files, first);
        ScannedFile file = ScannedFile.of(files, second);
        return before == file ? isTemplate(file) : !before.comesBefore(file);
    }

    private boolean isTemplate(ScannedFile file) {
        return nearContradicting[file.number] > Math.max(2, Contradictions.TEMPLATE_SHARE * file.rows);
    }

    @Override
    public void near(NearView view, long first, long second, double similarity) {
        if (!view.isQuestion()) {
            components.join((int) first, (int) second);
            return;
        }
        ScannedFile file = ScannedFile.of(files, second);
        if (ScannedFile.of(files, first) != file) {
            leaks.add(second, ScannedFile.of(files, first).number, -Double.doubleToLongBits(similarity), first);
        } else if (similarity >= AnswerConflict.NEAR && rows.get((int) first).conflict()
                .with(rows.get((int) second).conflict(), file.answers.kind())) {
            contradictions.add(first, second, -Double.doubleToLongBits(similarity));
            mark(file, first);
            mark(file, second);
        }
    }

    private void mark(ScannedFile file, long row) {
        if (!inNearContradiction.get((int) row)) {
            inNearContradiction.set((int) row);
            nearContradicting[file.number]++;
        }
    }

    /** Adds groups of near-duplicates that are not all equal, and counts in their files. */
    void groups(LineGroups groups) {
        var different = new BitSet();
        for (int row = 0; row < rows.size(); row++) {
            int root = components.find(row);
            if (root != row && !same.rowCopies.get(row)) {
                different.set(root);
            }
        }
        for (int row = 0; row < rows.size(); row++) {
            int root = components.find(row);
            if (root != row && different.get(root)) {
                ScannedFile.of(files, row).nearSurplus++;
                groups.addAny(root, row);
            }
        }
        for (int root = different.nextSetBit(0); root >= 0; root = different.nextSetBit(root + 1)) {
            groups.addAny(root, root);
        }
    }

    /** Ranks the leaks by questions that are near; every row that repeats such a question within its file leaks too. */
    void leaks(SpillSorter repeated, LeakRanking ranking) {
        long[] copy = repeated.next();
        long[] leak = leaks.next();
        while (leak != null) {
            long row = leak[0];
            while (copy != null && copy[0] < row) {
                copy = repeated.next();
            }
            var best = new ArrayList<long[]>();
            for (; leak != null && leak[0] == row; leak = leaks.next()) {
                if (best.isEmpty() || best.getLast()[1] != leak[1]) {
                    best.add(leak.clone());
                    rank(ranking, row, leak);
                }
            }
            for (; copy != null && copy[0] == row; copy = repeated.next()) {
                for (long[] one : best) {
                    rank(ranking, copy[1], one);
                }
            }
        }
    }

    private static void rank(LeakRanking ranking, long row, long[] leak) {
        ranking.add(Leak.Kind.NEAR_QUESTION, row, leak[3], Double.longBitsToDouble(-leak[2]));
    }

    /** Tells the near contradictions of files whose rows do not fill in one template. */
    void contradictions(RepetitionListener listener) {
        long first = -1;
        long second = -1;
        for (long[] next = contradictions.next(); next != null; next = contradictions.next()) {
            ScannedFile file = ScannedFile.of(files, next[0]);
            if (!(next[0] == first && next[1] == second) && !isTemplate(file)) {
                listener.nearContradiction(file.name, file.answers.kind(), new Contradictions.Near(
                        rows.line((int) next[0]), rows.line((int) next[1]), Double.longBitsToDouble(-next[2])));
            }
            first = next[0];
            second = next[1];
        }
    }

    @Override
    public void close() {
        contradictions.close();
        leaks.close();
    }
}
