package dev.attune.dataset;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** Things joined pair by pair into groups (union-find with path halving). Not thread-safe. */
final class Components {
    private final int[] parent;

    Components(int size) {
        parent = new int[size];
        for (int i = 0; i < size; i++) {
            parent[i] = i;
        }
    }

    int find(int i) {
        int at = i;
        while (parent[at] != at) {
            parent[at] = parent[parent[at]];
            at = parent[at];
        }
        return at;
    }

    boolean joined(int a, int b) {
        return find(a) == find(b);
    }

    /** The root of a group is its first member. */
    void join(int a, int b) {
        int rootA = find(a);
        int rootB = find(b);
        parent[Math.max(rootA, rootB)] = Math.min(rootA, rootB);
    }

    /** All groups, single ones too, in the order of their first members; members in order. */
    List<List<Integer>> groups() {
        var groups = new LinkedHashMap<Integer, List<Integer>>();
        for (int i = 0; i < parent.length; i++) {
            groups.computeIfAbsent(find(i), root -> new ArrayList<>(1)).add(i);
        }
        return List.copyOf(groups.values());
    }
}
