package dev.attune.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TokenBytesTest {
    private static Vocabulary vocabulary(Map<String, Integer> ids, Set<String> added) {
        return new Vocabulary(ids, added, Set.of(), 10);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aByteLevelTokenIsItsBytes_alsoWhereTheyArePartOfACharacter() {
        var bytes = TokenBytes.of(vocabulary(Map.of("Ġ", 0, "Ġhi", 1, "âĤ", 2, "¬", 3, "Ċ", 4), Set.of()));

        assertThat(bytes.of(1)).isEqualTo(utf8(" hi"));
        assertThat(bytes.of(2)).containsExactly(0xE2, 0x82);
        assertThat(bytes.of(3)).containsExactly(0xAC);
        assertThat(bytes.of(4)).isEqualTo(utf8("\n"));
    }

    @Test
    void aSentencePieceTokenIsItsText_andALoneByteThatByte() {
        var bytes = TokenBytes.of(vocabulary(Map.of("▁hi", 0, "<0xE2>", 1, "ü", 2), Set.of()));

        assertThat(bytes.of(0)).isEqualTo(utf8(" hi"));
        assertThat(bytes.of(1)).containsExactly(0xE2);
        assertThat(bytes.of(2)).isEqualTo(utf8("ü"));
    }

    @Test
    void anAddedTokenIsWrittenAsItStands_andAnIdWithoutATokenHasNoBytes() {
        var bytes = TokenBytes.of(vocabulary(Map.of("Ġ", 0, "<|Ġend|>", 1), Set.of("<|Ġend|>")));

        assertThat(bytes.of(1)).isEqualTo(utf8("<|Ġend|>"));
        assertThat(bytes.of(7)).isEmpty();
        assertThat(bytes.of(-1)).isEmpty();
        assertThat(bytes.of(99)).isEmpty();
    }
}
