package dev.attune.engine.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.engine.config.LoraConfig;
import dev.attune.engine.config.ModelConfig;
import dev.attune.engine.config.Rope;
import dev.attune.engine.model.CausalLm;
import dev.attune.engine.model.LoraAdapter;
import dev.attune.engine.tensor.NativeThreads;
import dev.attune.engine.tensor.Numbers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DecodeGroupTest {
    private static final long SEED = Long.getLong("attune.seed", 13);
    private static CausalLm model;
    private static LoraAdapter adapter;

    @BeforeAll
    static void create() {
        NativeThreads.use(1);
        var config = ModelConfig.llama(1000, 256, 704, 2, 4, 4, 64, 1e-6, 256, true,
                new Rope(10000, new Rope.Scaling.None()), -1, List.of(2));
        model = CausalLm.create(config, SEED, false);
        adapter = LoraAdapter.create(LoraConfig.allLinear(8), config, SEED);
    }

    @AfterAll
    static void close() {
        adapter.close();
        model.close();
    }

    private static int[] prompt(Random random) {
        return random.ints(8 + random.nextInt(80), 0, 1000).toArray();
    }

    /** Writes a text of some tokens and returns the logits of each. */
    private static List<float[]> write(DecodeGroup group, long seed, int tokens) {
        var random = new Random(seed);
        try (Decoding decoding = group.join().orElseThrow()) {
            var all = new ArrayList<float[]>();
            all.add(decoding.begin(prompt(random), () -> true));
            for (int i = 0; i < tokens; i++) {
                all.add(decoding.next(random.nextInt(1000)));
            }
            return all;
        }
    }

    @Test
    void inCompanyOrAloneATextsLogitsHaveTheSameBits() throws Exception {
        System.out.println("seed " + SEED);
        var alone = new ArrayList<List<float[]>>();
        try (var group = new DecodeGroup(model, Optional.of(adapter), 256)) {
            for (int text = 0; text < 12; text++) {
                alone.add(write(group, SEED + text, 5 + 3 * text));
            }
        }
        try (var group = new DecodeGroup(model, Optional.of(adapter), 256);
                var executor = Executors.newFixedThreadPool(DecodeGroup.SEATS)) {
            var futures = new ArrayList<Future<List<float[]>>>();
            for (int text = 0; text < 12; text++) {
                int which = text;
                futures.add(executor.submit(() -> write(group, SEED + which, 5 + 3 * which)));
            }
            for (int text = 0; text < 12; text++) {
                List<float[]> together = futures.get(text).get();
                for (int i = 0; i < together.size(); i++) {
                    assertThat(together.get(i)).as("text %s, token %s", text, i).isEqualTo(alone.get(text).get(i));
                }
            }
        }
    }

    @Test
    void aGroupHasTheLogitsOfASequenceWithACacheOfItsOwn() {
        try (var group = new DecodeGroup(model, Optional.of(adapter), 256);
                Decoding single = Decoding.alone(model, Optional.of(adapter), 256)) {
            List<float[]> grouped = write(group, SEED, 20);
            var random = new Random(SEED);
            Numbers.assertClose("prompt", grouped.getFirst(), single.begin(prompt(random), () -> true), 1e-5);
            for (int i = 1; i <= 20; i++) {
                Numbers.assertClose("token " + i, grouped.get(i), single.next(random.nextInt(1000)), 1e-5);
            }
        }
    }

    @Test
    void someoneWhoIsSlowDoesNotHoldUpTheOthers() {
        try (var group = new DecodeGroup(model, Optional.empty(), 256)) {
            Decoding slow = group.join().orElseThrow();
            float[] first = slow.begin(new int[]{1, 2, 3}, () -> true);
            List<float[]> others = write(group, SEED, 10);
            float[] second = slow.next(4);
            slow.close();

            assertThat(others).hasSize(11);
            assertThat(write(group, SEED, 10)).usingRecursiveComparison().isEqualTo(others);
            try (Decoding alone = group.join().orElseThrow()) {
                assertThat(alone.begin(new int[]{1, 2, 3}, () -> true)).isEqualTo(first);
                assertThat(alone.next(4)).isEqualTo(second);
            }
        }
    }

    @Test
    void thereAreSoManySeatsAndNoMore() {
        try (var group = new DecodeGroup(model, Optional.empty(), 64)) {
            var seats = new ArrayList<Decoding>();
            for (int i = 0; i < DecodeGroup.SEATS; i++) {
                seats.add(group.join().orElseThrow());
            }
            assertThat(group.join()).isEmpty();
            assertThat(group.company()).isEqualTo(DecodeGroup.SEATS);
            seats.removeLast().close();
            group.join().orElseThrow().close();
            seats.forEach(Decoding::close);
            assertThat(group.company()).isZero();
        }
    }
}
