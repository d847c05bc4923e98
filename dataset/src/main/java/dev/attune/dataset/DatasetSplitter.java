package dev.attune.dataset;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Splits a dataset so that what is measured was not trained on: rows that ask the same, are near-duplicates in their
 * question or as a whole, or have the same group key, form a group, and a group is never divided. The same rows and plan
 * give the same parts. Thread-safe.
 */
public final class DatasetSplitter {
    private final SplitPlan plan;

    public DatasetSplitter(SplitPlan plan) {
        this.plan = plan;
    }

    /**
     * A splitter in the balanced mode.
     *
     * @param validation the share of the rows for validation, in [0, 1)
     * @param test the share for the test, in [0, 1); something must be left for training
     * @throws DatasetException where the shares make no sense
     */
    public DatasetSplitter(double validation, double test, long seed) {
        this(SplitPlan.of(validation, test, seed));
    }

    /**
     * Splits.
     *
     * @throws DatasetException where there are too few rows, or too few that differ, to give each part one; where a row has
     *             no time and the mode needs one
     */
    public Split split(Dataset dataset) {
        List<Row> rows = dataset.rows();
        int wanted = (int) Arrays.stream(plan.shares()).filter(share -> share > 0).count();
        if (rows.size() < wanted) {
            throw new DatasetException(
                    dataset.source() + " has " + rows.size() + " row(s) that can be trained on, too few for "
                            + wanted + " parts; add rows.");
        }
        if (!plan.group().isNone() && rows.stream().allMatch(row -> plan.group().in(row).isEmpty())) {
            throw new DatasetException("No row of " + dataset.source() + " has the group key '" + plan.group()
                    + "'; name a key of the rows or of their 'metadata', or a JSON pointer.");
        }
        return switch (plan.mode()) {
            case SplitMode.Sticky sticky -> sticky(rows);
            case SplitMode.Balanced balanced -> {
                var notes = new ArrayList<String>();
                Grouping grouping = grouping(dataset, wanted, notes);
                Strata strata = Strata.of(rows, plan);
                int[] part = BalancedDeal.deal(grouping.groups(), strata.values(), plan.shares(), plan.seed());
                yield new SplitDraft(rows, plan, part, grouping.joins()).split(strata, notes);
            }
            case SplitMode.Temporal temporal -> {
                var notes = new ArrayList<String>();
                Grouping grouping = grouping(dataset, wanted, notes);
                int[] part = TemporalDeal.deal(rows, grouping.groups(), plan.shares(), temporal.time(), notes);
                yield new SplitDraft(rows, plan, part, grouping.joins()).split(none(rows), notes);
            }
        };
    }

    private static Strata none(List<Row> rows) {
        return new Strata("", Collections.nCopies(rows.size(), ""));
    }

    private Split sticky(List<Row> rows) {
        var deal = new StickyDeal(rows, plan);
        int[] part = deal.deal();
        var notes = new ArrayList<String>();
        long leftOut = Arrays.stream(part).filter(at -> at == StickyDeal.LEFT_OUT).count();
        if (leftOut > 0) {
            notes.add(leftOut + " row(s) are close to rows of two parts and are in none.");
        }
        notes.add(
                "Rows appended to the file will move none of these; for that the shares are met only on average, and strata are not balanced.");
        return new SplitDraft(rows, plan, part, deal.joins()).split(none(rows), notes);
    }

    private Grouping grouping(Dataset dataset, int wanted, List<String> notes) {
        Grouping grouping = grouping(dataset.rows(), notes);
        int groups = grouping.groups().size();
        if (groups < wanted) {
            throw new DatasetException("The rows of " + dataset.source() + " say so nearly the same"
                    + (plan.group().isNone() ? "" : ", or have so few values of '" + plan.group() + "',")
                    + " that they form only " + groups + " group(s), too few for " + wanted
                    + " parts; add rows that differ, or ask for fewer parts.");
        }
        return grouping;
    }

    private Grouping grouping(List<Row> rows, List<String> notes) {
        Grouping exact = Grouping.exact(rows, plan.group());
        if (!plan.nearTogether()) {
            notes.add("Near-duplicates may stand in different parts, as was asked for.");
            return exact;
        }
        if (!fits(exact)) {
            notes.add("The largest group has " + exact.largest() + " of " + rows.size()
                    + " rows, so the shares cannot be met.");
            return Grouping.near(rows, plan.group(), new NearDuplicates());
        }
        Grouping near = Grouping.near(rows, plan.group(), new NearDuplicates());
        if (fits(near)) {
            return near;
        }
        Grouping contents = Grouping.near(rows, plan.group(), NearDuplicates.withoutTemplate());
        if (fits(contents)) {
            notes.add("Most rows fill in one template, so near-duplicates were told by what differs between rows.");
            return contents;
        }
        notes.add(
                "Too many rows say nearly the same to keep them all in one part, so only rows that ask exactly the same were kept together.");
        return exact;
    }

    /** Whether the largest group fits into the largest part, and the other rows fill at least half of the other parts. */
    private boolean fits(Grouping grouping) {
        double most = Arrays.stream(plan.shares()).max().orElse(1);
        int largest = grouping.largest();
        return most == 1 || largest <= 2 || (grouping.rows() - largest >= (1 - most) / 2 * grouping.rows()
                && grouping.groups().size() >= plan.shares().length);
    }
}
