package dev.attune.dataset.quality;

/** Hashes of words, each with a number. Told apart by 64 bits, so two different words hardly ever are the same. Not thread-safe. */
final class WordSet {
    private long[] hashes;
    private int[] numbers;
    private int size;

    /** A set with room for so many words; it grows. */
    WordSet(int words) {
        int slots = Integer.highestOneBit(Math.max(4, words)) << 2;
        this.hashes = new long[slots];
        this.numbers = new int[slots];
    }

    int size() {
        return size;
    }

    /** The number of a word; -1 where it is not there. */
    int number(long hash) {
        int slot = slot(hash);
        return hashes[slot] == 0 ? -1 : numbers[slot];
    }

    boolean contains(long hash) {
        return hashes[slot(hash)] != 0;
    }

    /** Adds a word, numbered from 0 in the order in which they are added; one that is there keeps its number. */
    void add(long hash) {
        int slot = slot(hash);
        if (hashes[slot] == 0) {
            hashes[slot] = hash;
            numbers[slot] = size++;
            if (2 * size > hashes.length) {
                grow();
            }
        }
    }

    private void grow() {
        long[] old = hashes;
        int[] oldNumbers = numbers;
        hashes = new long[2 * old.length];
        numbers = new int[2 * old.length];
        for (int i = 0; i < old.length; i++) {
            if (old[i] != 0) {
                int slot = slot(old[i]);
                hashes[slot] = old[i];
                numbers[slot] = oldNumbers[i];
            }
        }
    }

    private int slot(long hash) {
        int slot = (int) hash & hashes.length - 1;
        while (hashes[slot] != 0 && hashes[slot] != hash) {
            slot = slot + 1 & hashes.length - 1;
        }
        return slot;
    }
}
