package dev.attune.dataset;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A value that rows carry beside their messages: who asked, from which document a row was made, when. Immutable.
 *
 * @param name a key of the row's JSON object, looked for under {@code metadata} too, or a JSON pointer (RFC 6901) where it
 *            begins with a slash; empty for {@link #NONE}
 */
public record RowKey(String name) {
    /** No key: no row has a value of it. */
    public static final RowKey NONE = new RowKey("");

    boolean isNone() {
        return name.isEmpty();
    }

    /** The row's value as text, an object or a list as JSON; empty where the row has none, or null. */
    Optional<String> in(Row row) {
        return Optional.ofNullable(value(row)).map(RowKey::text);
    }

    @Nullable
    Object value(Row row) {
        if (isNone()) {
            return null;
        }
        if (name.startsWith("/")) {
            return at(row.raw());
        }
        Object own = row.raw().get(name);
        return own == null && row.raw().get("metadata") instanceof Map<?, ?> metadata ? metadata.get(name) : own;
    }

    private @Nullable Object at(Object row) {
        Object value = row;
        for (String escaped : name.substring(1).split("/", -1)) {
            String key = escaped.replace("~1", "/").replace("~0", "~");
            if (value instanceof Map<?, ?> map) {
                value = map.get(key);
            } else if (value instanceof List<?> list && key.matches("0|[1-9][0-9]{0,8}")) {
                int index = Integer.parseInt(key);
                value = index < list.size() ? list.get(index) : null;
            } else {
                return null;
            }
        }
        return value;
    }

    private static String text(Object value) {
        return JsonText.of(NormalText.sorted(value));
    }

    @Override
    public String toString() {
        return name;
    }
}
