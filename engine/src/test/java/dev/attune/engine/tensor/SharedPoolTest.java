package dev.attune.engine.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.engine.EngineException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SharedPoolTest {
    private static final class Thing implements AutoCloseable {
        private final String key;
        private volatile boolean closed;

        Thing(String key) {
            this.key = key;
        }

        @Override
        public void close() {
            assertThat(closed).as("%s closed twice", key).isFalse();
            closed = true;
        }
    }

    @Test
    void aThingIsLoadedOnceForAllWhoUseIt() {
        var loads = new AtomicInteger();
        try (var pool = new SharedPool<String, Thing>(2, key -> {
            loads.incrementAndGet();
            return new Thing(key);
        })) {
            try (var first = pool.take("a"); var second = pool.take("a")) {
                assertThat(first.value()).isSameAs(second.value());
            }
            try (var third = pool.take("a")) {
                assertThat(third.value().closed).isFalse();
            }
            assertThat(loads).hasValue(1);
        }
    }

    @Test
    void theLeastLatelyUsedMakesRoom() {
        try (var pool = new SharedPool<String, Thing>(2, Thing::new)) {
            Thing a = use(pool, "a");
            Thing b = use(pool, "b");
            use(pool, "a");
            Thing c = use(pool, "c");

            assertThat(b.closed).isTrue();
            assertThat(a.closed).isFalse();
            assertThat(c.closed).isFalse();
        }
    }

    @Test
    void whatIsInUseOutlivesItsEviction() {
        try (var pool = new SharedPool<String, Thing>(2, Thing::new)) {
            Thing thing;
            try (var lease = pool.take("a")) {
                thing = lease.value();
                pool.evict("a"::equals);
                assertThat(thing.closed).isFalse();
                assertThat(use(pool, "a")).isNotSameAs(thing);
            }
            assertThat(thing.closed).isTrue();
        }
    }

    @Test
    void aLoadThatFailsIsTriedAgain() {
        var tries = new AtomicInteger();
        try (var pool = new SharedPool<String, Thing>(2, key -> {
            if (tries.incrementAndGet() == 1) {
                throw new EngineException("not yet");
            }
            return new Thing(key);
        })) {
            assertThatThrownBy(() -> pool.take("a")).hasMessage("not yet");
            assertThat(pool.size()).isZero();
            assertThat(use(pool, "a").closed).isFalse();
        }
    }

    @Test
    void underManyThreadsNothingInUseIsClosedAndEverythingIsInTheEnd() throws Exception {
        var all = ConcurrentHashMap.<Thing>newKeySet();
        var pool = new SharedPool<String, Thing>(3, key -> {
            var thing = new Thing(key);
            all.add(thing);
            return thing;
        });
        try (var executor = Executors.newFixedThreadPool(4)) {
            List<Future<?>> futures = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                var random = new Random(thread);
                futures.add(executor.submit(() -> {
                    for (int i = 0; i < 3000; i++) {
                        String key = "k" + random.nextInt(6);
                        if (random.nextInt(20) == 0) {
                            pool.evict(key::equals);
                        }
                        try (var lease = pool.take(key)) {
                            assertThat(lease.value().key).isEqualTo(key);
                            assertThat(lease.value().closed).isFalse();
                        }
                    }
                }));
            }
            for (Future<?> future : futures) {
                future.get();
            }
        }
        assertThat(pool.size()).isLessThanOrEqualTo(3);
        pool.close();
        assertThat(all).allMatch(thing -> thing.closed);
    }

    private static Thing use(SharedPool<String, Thing> pool, String key) {
        try (var lease = pool.take(key)) {
            return lease.value();
        }
    }
}
