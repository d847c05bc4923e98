package dev.attune.dataset;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Deals the newest groups to the test, those before them to validation, the rest to training; a group is as new as its
 * newest row. So nothing that is trained on is newer than what stands at the border. Equal times go by the file's order.
 */
final class TemporalDeal {
    private static final int NAMED = 5;

    private TemporalDeal() {}

    /**
     * Deals.
     *
     * @return the part of each row
     * @throws DatasetException where a row has no time
     */
    static int[] deal(List<Row> rows, List<List<Integer>> groups, double[] shares, RowKey key, List<String> notes) {
        List<Instant> times = times(rows, key);
        var newestFirst = new ArrayList<>(groups);
        newestFirst.sort(Comparator
                .comparing((List<Integer> group) -> newest(group, times)).thenComparing(List::getLast).reversed());
        int[] part = new int[rows.size()];
        int next = 0;
        for (int p = shares.length - 1; p > 0; p--) {
            double filled = 0;
            double wanted = shares[p] * rows.size();
            int kept = 0;
            for (int before = p - 1; before >= 0; before--) {
                kept += shares[before] > 0 ? 1 : 0;
            }
            while (wanted > 0 && next < newestFirst.size() - kept
                    && (filled == 0 || filled + newestFirst.get(next).size() / 2.0 <= wanted)) {
                for (int row : newestFirst.get(next)) {
                    part[row] = p;
                }
                filled += newestFirst.get(next).size();
                next++;
            }
        }
        note(newestFirst, part, times, notes);
        return part;
    }

    private static Instant newest(List<Integer> group, List<Instant> times) {
        return group.stream().map(times::get).max(Comparator.naturalOrder()).orElseThrow();
    }

    private static List<Instant> times(List<Row> rows, RowKey key) {
        List<Optional<Instant>> times = rows.stream().map(row -> RowTime.of(key.value(row))).toList();
        var without = new ArrayList<Integer>();
        for (int i = 0; i < rows.size(); i++) {
            if (times.get(i).isEmpty()) {
                without.add(rows.get(i).line());
            }
        }
        if (!without.isEmpty()) {
            throw new DatasetException(without.size() + " row(s) have no time in '" + key + "' (line "
                    + without.stream().limit(NAMED).map(String::valueOf).collect(Collectors.joining(", "))
                    + (without.size() > NAMED ? ", …" : "")
                    + "); write an ISO date such as 2026-11-20 or 2026-11-20T09:30:00Z, or seconds since 1970.");
        }
        return times.stream().flatMap(Optional::stream).toList();
    }

    private static void note(List<List<Integer>> newestFirst, int[] part, List<Instant> times, List<String> notes) {
        newestFirst.stream().filter(group -> part[group.getFirst()] == 0).findFirst().ifPresent(group -> {
            Instant border = newest(group, times);
            long older = 0;
            for (int i = 0; i < part.length; i++) {
                older += part[i] > 0 && times.get(i).isBefore(border) ? 1 : 0;
            }
            notes.add("Training ends with " + border + (older == 0
                    ? "; all held-out rows are from then or later."
                    : "; " + older + " older row(s) are held out, since they stay together with newer ones."));
        });
    }
}
