package dev.attune.engine.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How numbers are stored, against the bytes that gguf's own Python writes. */
class NumberTypeTest {
    private static final long SEED = Long.getLong("attune.seed", 20261121);

    @Test
    void bytesAreThoseOfTheReference() throws IOException {
        try (InputStream in = NumberTypeTest.class.getResourceAsStream("/gguf/numbers.json")) {
            JsonNode cases = JsonMapper.builder().build().readTree(in);
            assertThat(cases.size()).isEqualTo(21);
            for (JsonNode each : cases) {
                var values = new float[each.path("bits").size()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = Float.intBitsToFloat((int) each.path("bits").path(i).asLong());
                }
                NumberType type = NumberType.of(each.path("type").asString()).orElseThrow();
                assertThat(HexFormat.of().formatHex(encoded(type, values))).as(type + " " + Arrays.toString(values))
                        .isEqualTo(each.path("bytes").asString());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsReadIsAsNearAsItsBoundSays(NumberType type) {
        var random = new SplittableRandom(SEED);
        for (int run = 0; run < 200; run++) {
            double scale = Math.pow(10, random.nextDouble(-6, 4));
            var values = new float[64];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (random.nextGaussian() * scale);
            }
            var read = new float[values.length];
            type.decode(ByteBuffer.wrap(encoded(type, values)).order(ByteOrder.LITTLE_ENDIAN), read, values.length);
            for (int i = 0; i < values.length; i++) {
                double largest = 0;
                for (int j = i / 32 * 32; j < i / 32 * 32 + 32; j++) {
                    largest = Math.max(largest, Math.abs(values[j]));
                }
                assertThat(Math.abs((double) values[i] - read[i])).as(type + " of " + values[i] + ", seed " + SEED)
                        .isLessThanOrEqualTo(type.bound(values[i], largest));
            }
        }
    }

    @Test
    void onlyWholeBlocksFit() {
        assertThat(NumberType.Q8_0.fits(64)).isTrue();
        assertThat(NumberType.Q8_0.fits(40)).isFalse();
        assertThat(NumberType.BF16.fits(3)).isTrue();
        assertThat(NumberType.of("Q8_0")).contains(NumberType.Q8_0);
        assertThat(NumberType.of("q4_k")).isEmpty();
    }

    private static byte[] encoded(NumberType type, float[] values) {
        ByteBuffer out = ByteBuffer.allocate((int) type.bytes(values.length)).order(ByteOrder.LITTLE_ENDIAN);
        type.encode(values, values.length, out);
        assertThat(out.hasRemaining()).isFalse();
        return out.array();
    }
}
