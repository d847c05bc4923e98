package dev.attune.engine.tensor;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Things that take long to load, shared by all who use them at the time. One that is not in use is closed when there are
 * more than fit, the one least lately used first; one that is in use, or being loaded, never is. Thread-safe; a loader
 * may run on several threads at once for different keys.
 */
public final class SharedPool<K, T extends AutoCloseable> implements AutoCloseable {
    private final int capacity;
    private final Function<K, T> loader;
    private final Map<K, Entry<T>> entries = new LinkedHashMap<>(16, 0.75f, true);

    public SharedPool(int capacity, Function<K, T> loader) {
        this.capacity = capacity;
        this.loader = loader;
    }

    /** The right to use something until it is closed. */
    public interface Lease<T> extends AutoCloseable {
        T value();

        @Override
        void close();
    }

    private static final class Entry<T> {
        private final ArrayList<T> loaded = new ArrayList<>(1);
        private int users;
        private boolean dropped;
    }

    /**
     * Takes what belongs to a key, loading it first if need be.
     *
     * @throws RuntimeException what the loader throws; nothing is kept then
     */
    public Lease<T> take(K key) {
        Entry<T> entry;
        synchronized (this) {
            entry = entries.computeIfAbsent(key, unused -> new Entry<>());
            entry.users++;
        }
        try {
            return lease(entry, value(key, entry));
        } catch (RuntimeException | Error e) {
            synchronized (this) {
                entries.remove(key, entry);
                entry.dropped = true;
            }
            release(entry);
            throw e;
        }
    }

    private T value(K key, Entry<T> entry) {
        synchronized (entry) {
            if (entry.loaded.isEmpty()) {
                entry.loaded.add(loader.apply(key));
            }
            return entry.loaded.getFirst();
        }
    }

    private Lease<T> lease(Entry<T> entry, T value) {
        return new Lease<>() {
            private boolean open = true;

            @Override
            public T value() {
                return value;
            }

            @Override
            public void close() {
                if (open) {
                    open = false;
                    release(entry);
                }
            }
        };
    }

    private void release(Entry<T> entry) {
        var closing = new ArrayList<T>();
        synchronized (this) {
            entry.users--;
            if (entry.dropped && entry.users == 0) {
                closing.addAll(entry.loaded);
                entry.loaded.clear();
            }
            Iterator<Entry<T>> oldest = entries.values().iterator();
            int over = entries.size() - capacity;
            while (over > 0 && oldest.hasNext()) {
                Entry<T> candidate = oldest.next();
                if (candidate.users == 0) {
                    closing.addAll(candidate.loaded);
                    oldest.remove();
                    over--;
                }
            }
        }
        closing.forEach(SharedPool::close);
    }

    /** Forgets what belongs to the keys; what is in use is closed when its last user is done. */
    public void evict(java.util.function.Predicate<K> keys) {
        var closing = new ArrayList<T>();
        synchronized (this) {
            entries.entrySet().removeIf(entry -> {
                if (!keys.test(entry.getKey())) {
                    return false;
                }
                entry.getValue().dropped = true;
                if (entry.getValue().users == 0) {
                    closing.addAll(entry.getValue().loaded);
                }
                return true;
            });
        }
        closing.forEach(SharedPool::close);
    }

    /** How many there are. */
    synchronized int size() {
        return entries.size();
    }

    @Override
    public void close() {
        evict(key -> true);
    }

    private static void close(AutoCloseable value) {
        try {
            value.close();
        } catch (Exception e) {
            throw new IllegalStateException("closing " + value + " failed", e);
        }
    }
}
