package dev.attune.server.protocol;

import dev.attune.server.store.Page;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the server writes, key for key, in the strict form that every official client and the published schemas accept:
 * {@code error} is null and never an empty object, {@code hyperparameters} and {@code data} are always objects, every
 * required key is present.
 */
public interface Wire {
    /** What a delete answers. */
    record Deleted(String id, String object, boolean deleted) implements Wire {}

    /** A list with the ids of its ends, null where it is empty. */
    record EndedList<T>(String object, List<T> data, @Nullable String firstId, @Nullable String lastId,
            boolean hasMore) implements Wire {
        public static <T> EndedList<T> of(Page<T> page, Function<T, String> id) {
            List<T> data = page.items();
            return new EndedList<>("list", data, data.isEmpty() ? null : id.apply(data.getFirst()),
                    data.isEmpty() ? null : id.apply(data.getLast()), page.hasMore());
        }
    }

    /** A list whose end is told by {@code has_more}. */
    record Listing<T>(String object, List<T> data, boolean hasMore) implements Wire {
        public static <T> Listing<T> of(Page<T> page) {
            return new Listing<>("list", page.items(), page.hasMore());
        }
    }
}
