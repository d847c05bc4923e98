package dev.attune.server.store;

import java.util.List;
import java.util.function.Function;

/**
 * One page of a list that goes on after its last item.
 *
 * @param hasMore whether an item follows the last one here
 */
public record Page<T>(List<T> items, boolean hasMore) {
    public Page {
        items = List.copyOf(items);
    }

    /** A page of at most {@code limit} items out of one item more, where there is one. */
    public static <T> Page<T> of(List<T> oneMore, int limit) {
        return oneMore.size() > limit ? new Page<>(oneMore.subList(0, limit), true) : new Page<>(oneMore, false);
    }

    public <R> Page<R> map(Function<T, R> wire) {
        return new Page<>(items.stream().map(wire).toList(), hasMore);
    }
}
