package dev.attune.pretraining;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.text.ChatEncoder;
import dev.attune.text.HuggingFaceTokenizer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CurriculumTest {
    private static final Path MODEL = Path.of("..", "models", "attune-nano");
    private static HuggingFaceTokenizer tokenizer;

    @BeforeAll
    static void open() {
        tokenizer = HuggingFaceTokenizer.open(MODEL);
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    @Test
    void whatStandsAtAnIndexIsAFunctionOfSeedAndIndex() {
        var first = new Curriculum(tokenizer, 5);
        var second = new Curriculum(tokenizer, 5);
        for (long index : new long[]{0, 1, 999, 30_000, 99_999, 5_000_000_000L}) {
            assertThat(first.get(index).ids()).isEqualTo(second.get(index).ids());
            assertThat(first.get(index).trained()).isEqualTo(second.get(index).trained());
        }
        assertThat(first.get(7).ids()).isNotEqualTo(new Curriculum(tokenizer, 6).get(7).ids());
    }

    @Test
    void severalThreadsReadTheSameAsOne() {
        var curriculum = new Curriculum(tokenizer, 8);
        var alone = LongStream.range(0, 300).mapToObj(i -> curriculum.get(i).ids()).toList();
        var together = IntStream.range(0, 300).parallel().mapToObj(i -> curriculum.get(i).ids()).toList();
        for (int i = 0; i < alone.size(); i++) {
            assertThat(together.get(i)).isEqualTo(alone.get(i));
        }
    }

    @Test
    void everyExampleFitsARowAndTrainsSomething() {
        var curriculum = new Curriculum(tokenizer, 9);
        for (long index = 0; index < 60_000; index += 41) {
            var example = curriculum.get(index);
            assertThat(example.length()).isBetween(2, Curriculum.MAX_TOKENS);
            assertThat(example.trainedCount()).isPositive();
            assertThat(example.trained()[0]).isFalse();
        }
    }

    @Test
    void aLongRunOfLessonsOfEverySkillCanBeMade() {
        for (String skill : Curriculum.skills()) {
            for (int i = 0; i < 12_000; i++) {
                assertThat(Curriculum.lesson(skill, new Dice(12, i, i % 3 == 0))).isNotNull();
            }
        }
    }

    @Test
    void talksAreTokenisedAndMaskedAsTheChatTemplateDoes() {
        var curriculum = new Curriculum(tokenizer, 3);
        int compared = 0;
        try (var encoder = ChatEncoder.open(MODEL)) {
            for (String skill : Curriculum.skills()) {
                for (int i = 0; i < 12; i++) {
                    if (Curriculum.lesson(skill, new Dice(4, i, false)) instanceof Lesson.Talk talk) {
                        var mine = curriculum.tokensOf(talk, false);
                        var theirs = encoder.example(talk.conversation());
                        if (theirs.length() <= Curriculum.MAX_TOKENS) {
                            assertThat(tokenizer.decode(mine.ids(), false))
                                    .isEqualTo(tokenizer.decode(theirs.ids(), false));
                            assertThat(mine.ids()).isEqualTo(theirs.ids());
                            assertThat(mine.trained()).isEqualTo(theirs.trained());
                            compared++;
                        }
                    }
                }
            }
        }
        assertThat(compared).isGreaterThan(150);
    }

    @Test
    void probesAskWhatTrainingNeverShows() {
        var probes = CurriculumProbes.all(20);
        assertThat(probes).hasSizeGreaterThan(12);
        assertThat(probes).allSatisfy(probe -> assertThat(probe.questions()).hasSize(20));
        var curriculum = new Curriculum(tokenizer, 1);
        var trained = new HashSet<String>();
        for (long index = 0; index < 20_000; index++) {
            if (curriculum.lesson(index) instanceof Lesson.Talk talk) {
                var messages = talk.conversation().messages();
                for (int end = 1; end < messages.size(); end++) {
                    trained.add(messages.subList(0, end).toString());
                }
            }
        }
        for (SkillProbe probe : probes) {
            if (!List.of("words", "classify", "normalise", "change").contains(probe.name())) {
                assertThat(probe.questions()).as(probe.name())
                        .noneMatch(question -> trained.contains(question.prompt().messages().toString()));
            }
        }
    }

    @Test
    void inventedWordsOfTrainingAndProbesAreApart() {
        for (int i = 0; i < 2_000; i++) {
            assertThat(Invented.isHeldOut(Invented.word(new Dice(1, i, false)))).isFalse();
            assertThat(Invented.isHeldOut(Invented.word(new Dice(1, i, true)))).isTrue();
        }
    }
}
