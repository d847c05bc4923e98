package dev.attune.dataset;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.RandomAccess;

/**
 * The tokens of rows, as many as they may be: 8 bytes a row, and a list that makes its elements when they are asked for.
 * Thread-safe once all rows are added.
 */
final class TokenCounts extends AbstractList<TokenCount> implements RandomAccess {
    private static final int BITS = 12;
    private static final int ROWS = 1 << BITS;

    /** Blocks of {@link #ROWS} rows: the total of row i at 2 i, what is trained behind it. */
    private final List<int[]> blocks = new ArrayList<>();
    private int size;

    void append(TokenCount count) {
        if (size == blocks.size() << BITS) {
            blocks.add(new int[2 * ROWS]);
        }
        int[] block = blocks.getLast();
        int at = 2 * (size & ROWS - 1);
        block[at] = count.total();
        block[at + 1] = count.trained();
        size++;
    }

    @Override
    public TokenCount get(int index) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException("row " + index + " of " + size);
        }
        int[] block = blocks.get(index >> BITS);
        int at = 2 * (index & ROWS - 1);
        return new TokenCount(block[at], block[at + 1]);
    }

    @Override
    public int size() {
        return size;
    }
}
