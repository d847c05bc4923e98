package dev.attune.pretraining;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.text.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BpeTrainerTest {
    private static final Path MODEL = Path.of("..", "models", "attune-nano");
    private static final long SEED = Long.getLong("attune.seed", System.nanoTime());

    @TempDir
    private Path dir;

    @Test
    void mergesTheMostFrequentPairFirstAndSpacesLast() {
        var trainer = new BpeTrainer();
        trainer.add("low low low lower the the", 1);
        var merges = trainer.train(3, List.of("the"));
        assertThat(merges.getFirst()).isEqualTo(new BpeTrainer.Merge("l", "o"));
        assertThat(merges.get(1)).isEqualTo(new BpeTrainer.Merge("lo", "w"));
        assertThat(merges).extracting(BpeTrainer.Merge::joined).doesNotContain("Ġlow");
    }

    @Test
    void anyTextComesBackFromItsTokens() {
        System.out.println("attune.seed=" + SEED);
        var random = new Random(SEED);
        try (var tokenizer = HuggingFaceTokenizer.open(MODEL)) {
            for (int i = 0; i < 400; i++) {
                String text = anyText(random);
                assertThat(tokenizer.decode(tokenizer.encode(text), false)).isEqualTo(text);
            }
        }
    }

    @Test
    void aWordThatTakesNoSpaceAlongHasTheSamePiecesEverywhere() {
        try (var tokenizer = HuggingFaceTokenizer.open(MODEL)) {
            for (String word : List.of("refund", "Skearkdrev", "ORD-4821-XK", "emma.smith@post.org", "thermostat")) {
                List<String> bare = pieces(tokenizer, word);
                assertThat(pieces(tokenizer, "\"" + word)).endsWith(bare.toArray(String[]::new));
                assertThat(pieces(tokenizer, " " + word)).endsWith(bare.toArray(String[]::new));
                assertThat(pieces(tokenizer, "\n" + word)).endsWith(bare.toArray(String[]::new));
            }
        }
    }

    @Test
    void digitsStandAlone() {
        try (var tokenizer = HuggingFaceTokenizer.open(MODEL)) {
            assertThat(pieces(tokenizer, "2026-11-20")).containsExactly("2", "0", "2", "6", "-", "1", "1", "-", "2",
                    "0");
        }
    }

    @Test
    void theLibraryEncodesAsTheMergesSay() throws IOException {
        JsonNode model = JsonMapper.builder().build().readTree(Files.readString(MODEL.resolve("tokenizer.json")))
                .get("model");
        Map<String, Integer> ranks = new HashMap<>();
        for (JsonNode merge : model.get("merges")) {
            ranks.put(merge.get(0).asString() + " " + merge.get(1).asString(), ranks.size());
        }
        try (var tokenizer = HuggingFaceTokenizer.open(MODEL)) {
            assertThat(tokenizer.vocabularySize()).isEqualTo(TokenizerMain.VOCABULARY);
            for (int i = 0; i < 60; i++) {
                if (Curriculum.lesson("extract", new Dice(11, i, false)) instanceof Lesson.Talk talk) {
                    String text = talk.exchanges().getFirst().user();
                    var expected = reference(text, ranks).stream().map(token -> model.get("vocab").get(token).asInt())
                            .mapToInt(Integer::intValue).toArray();
                    assertThat(tokenizer.encode(text)).as(text).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void filesOfASmallVocabularyLoad() throws IOException {
        var trainer = new BpeTrainer();
        trainer.add("{\"name\":\"Anna\"} please, thank you please", 5);
        Files.copy(MODEL.resolve("chat_template.jinja"), dir.resolve("chat_template.jinja"));
        TokenizerFiles.write(dir, trainer.train(20, List.of("please")));
        try (var tokenizer = HuggingFaceTokenizer.open(dir)) {
            assertThat(tokenizer.idOf("<|im_end|>")).isEqualTo(2);
            assertThat(tokenizer.decode(tokenizer.encode("Größe: 5 €\n<|im_end|>"), false))
                    .isEqualTo("Größe: 5 €\n<|im_end|>");
        }
    }

    @Test
    void theCommittedTokenizerIsWhatTheCodeMakes() throws IOException {
        TokenizerFiles.write(dir, TokenizerMain.merges());
        for (String file : List.of("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json")) {
            assertThat(dir.resolve(file)).hasSameTextualContentAs(MODEL.resolve(file));
        }
    }

    /** BPE as the paper writes it: always the pair of lowest rank, anywhere in the piece. */
    private static List<String> reference(String text, Map<String, Integer> ranks) {
        var tokens = new ArrayList<String>();
        var pieces = Pattern.compile(BpeTrainer.SPLIT).matcher(text);
        while (pieces.find()) {
            var parts = new ArrayList<String>();
            ByteAlphabet.write(pieces.group()).chars().forEach(c -> parts.add(Character.toString(c)));
            while (true) {
                int best = -1;
                int bestRank = Integer.MAX_VALUE;
                for (int i = 0; i + 1 < parts.size(); i++) {
                    int rank = ranks.getOrDefault(parts.get(i) + " " + parts.get(i + 1), Integer.MAX_VALUE);
                    if (rank < bestRank) {
                        best = i;
                        bestRank = rank;
                    }
                }
                if (best < 0) {
                    break;
                }
                parts.set(best, parts.get(best) + parts.remove(best + 1));
            }
            tokens.addAll(parts);
        }
        return tokens;
    }

    private static List<String> pieces(HuggingFaceTokenizer tokenizer, String text) {
        var pieces = new ArrayList<String>();
        for (int id : tokenizer.encode(text)) {
            pieces.add(tokenizer.decode(new int[]{id}, false));
        }
        return pieces;
    }

    private static String anyText(Random random) {
        var text = new StringBuilder();
        int length = random.nextInt(40);
        for (int i = 0; i < length; i++) {
            int point = switch (random.nextInt(4)) {
                case 0 -> random.nextInt(128);
                case 1 -> random.nextInt(0x800);
                case 2 -> random.nextInt(0x10000);
                default -> random.nextInt(0x110000);
            };
            if (Character.isDefined(point) && (point < 0xD800 || point > 0xDFFF)) {
                text.appendCodePoint(point);
            }
        }
        return new String(text.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
}
