package dev.attune.engine.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class JsonPrefixTest {
    private static final long SEED = Long.getLong("attune.seed", 29);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", " { } ", "{\"a\":1}", "{\"a\":[1,2.5e-3,-0,true,false,null,\"x\\n\\u00e9\"]}",
            "{\"ä\" : {\"b\":[[],{}]} , \"\":\"€\"}", "{\"n\":0.0}", "{\"n\":10 }", "{\"n\":1E+9}"})
    void anObjectIsTakenByteByByteAndEndsWithItsLastBracket(String text) {
        var json = new JsonPrefix();
        byte[] bytes = utf8(text.strip());
        for (int i = 0; i < bytes.length; i++) {
            assertThat(json.isWhole()).isFalse();
            assertThat(json.allows(new byte[]{bytes[i]})).as("byte %s of %s", i, text).isTrue();
            json.take(new byte[]{bytes[i]});
        }
        assertThat(json.isWhole()).isTrue();
        assertThat(json.allows(utf8("x"))).isFalse();
        assertThat(new JsonPrefix().allows(bytes)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "1", "\"a\"", "{a", "{,", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{\"a\":01",
            "{\"a\":-,",
            "{\"a\":1.}", "{\"a\":1e}", "{\"a\":tru}", "{\"a\":[1,]", "{\"a\":[}", "{\"a\":\"\n", "{\"a\":\"\\x",
            "{\"a\":\"\\u12g", "{\"a\":\"\\ud83d", "{}}", "{\"a\":.5", "{\"a\":+1", "{\"a\" 1",
            "{                                  "})
    void whatIsNoObjectIsNotAllowed(String text) {
        assertThat(new JsonPrefix().allows(utf8(text))).isFalse();
    }

    @Test
    void nestingIsLimited() {
        assertThat(new JsonPrefix().allows(utf8("{\"a\":" + "[".repeat(63)))).isTrue();
        assertThat(new JsonPrefix().allows(utf8("{\"a\":" + "[".repeat(64)))).isFalse();
    }

    /** Random bytes, taken where they are allowed and brought to an end, always make what a parser reads. */
    @Test
    void whatIsAllowedParses() {
        System.out.println("seed " + SEED);
        var random = new Random(SEED);
        String alphabet = "{}[]\":,0123456789.eE+-truefalsn \n\\u/abü€";
        byte[] letters = utf8(alphabet);
        for (int round = 0; round < 3000; round++) {
            var json = new JsonPrefix();
            var text = new java.io.ByteArrayOutputStream();
            for (int i = 0; i < 20_000 && !json.isWhole(); i++) {
                byte[] next = {i > 60 && random.nextInt(3) > 0
                        ? utf8("}]\"\":0e1rulsa")[random.nextInt(13)]
                        : letters[random.nextInt(letters.length)]};
                if (json.allows(next)) {
                    json.take(next);
                    text.writeBytes(next);
                }
            }
            assertThat(json.isWhole()).isTrue();
            String written = text.toString(StandardCharsets.UTF_8);
            assertThat(JSON.readTree(written).isObject()).as(written).isTrue();
        }
    }
}
