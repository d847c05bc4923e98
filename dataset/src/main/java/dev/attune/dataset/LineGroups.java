package dev.attune.dataset;

import java.util.ArrayList;
import java.util.List;

/** Groups of rows, told by their first row, given in any order and read in order of their first rows. Not thread-safe. */
final class LineGroups implements AutoCloseable {
    private static final int NAMED = 1000;

    private final SpillSorter members;
    private final RowStore rows;
    private long lastFirst = -1;

    /** Told a group: its first row by number, the first lines, and how many rows it has. */
    @FunctionalInterface
    interface Group {
        void of(long first, List<Integer> lines, long rows);
    }

    LineGroups(ScanFolder folder, RowStore rows) {
        this.members = folder.sorter(2, ScanFolder.SMALL);
        this.rows = rows;
    }

    /** A row of the group of another; rows of one group are given together, and the first one is not given itself. */
    void add(long first, long row) {
        if (first != lastFirst) {
            members.add(first, first);
            lastFirst = first;
        }
        members.add(first, row);
    }

    /** A row of the group of another, in any order; the first one is given itself, too. */
    void addAny(long first, long row) {
        members.add(first, row);
    }

    void read(Group group) {
        long first = -1;
        long size = 0;
        List<Integer> lines = new ArrayList<>();
        for (long[] member = members.next(); member != null; member = members.next()) {
            if (member[0] != first) {
                if (size > 0) {
                    group.of(first, lines, size);
                }
                first = member[0];
                size = 0;
                lines = new ArrayList<>();
            }
            size++;
            if (lines.size() < NAMED) {
                lines.add(rows.line((int) member[1]));
            }
        }
        if (size > 0) {
            group.of(first, lines, size);
        }
    }

    @Override
    public void close() {
        members.close();
    }
}
