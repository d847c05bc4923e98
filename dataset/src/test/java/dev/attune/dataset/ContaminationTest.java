package dev.attune.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContaminationTest {
    private static final String LONG = "a farmer keeps seventeen sheep in the meadow behind the old mill and all but nine of them run"
            + " away at night so how many sheep are left in the meadow when the sun comes up again";

    @TempDir
    Path folder;

    private EvalSet evalSet(String... lines) throws IOException {
        return EvalSet.read(Files.writeString(folder.resolve("eval.jsonl"), String.join("\n", lines)));
    }

    private static String qa(String question) {
        return "{\"question\":" + Rows.quote(question) + ",\"answer\":\"x\"}";
    }

    @Test
    void eachQuestionIsFoundAsFarAsItWasTrainedOn() throws IOException {
        Dataset training = Rows.of(List.of(Rows.chat("What is the capital of Peru?", "Lima"),
                Rows.chat("unrelated words stand here", "no"),
                Rows.chat("Think well. " + LONG + " Say a number.", "Nine"),
                Rows.chat("Please name the highest mountain of the whole of Africa", "Kilimanjaro")));
        Contamination found = Contamination.of(training, evalSet(qa("what is the CAPITAL of Peru"), qa(LONG),
                qa("Please name the highest mountain of the whole of Asia"),
                qa("Please name the longest river of Africa"),
                qa("How many legs has a spider?")));
        assertThat(found.contaminated()).extracting(Contamination.Item::line).containsExactly(1, 2, 3);
        assertThat(found.contaminated()).extracting(Contamination.Item::how).containsExactly(
                Contamination.How.SAME_WORDS, Contamination.How.NEAR_8_GRAMS, Contamination.How.NEAR_5_GRAMS);
        assertThat(found.contaminated()).extracting(Contamination.Item::trainingLines)
                .containsExactly(List.of(1), List.of(3), List.of(4));
        assertThat(found.contaminated().getLast().overlap()).isEqualTo(5 / 7.0);
        assertThat(found.cleanLines()).containsExactly(4, 5);
        assertThat(found.items()).isEqualTo(5);
        assertThat(found.problems("train.jsonl")).extracting(Problem::toString).containsExactly(
                "line 1: the question stands word for word in line 1 of train.jsonl; measure without it",
                "line 2: the question stands in nearly the same words in line 3 of train.jsonl (86 %); measure without it",
                "line 3: the question stands in nearly the same words in line 4 of train.jsonl (71 %); measure without it");
    }

    @Test
    void aRunOfThirteenWordsTellsALongQuestionAndItsAnswer() throws IOException {
        String filler = IntStream.range(0, 60).mapToObj(i -> "word" + i).collect(Collectors.joining(" "));
        Dataset training = Rows.of(List.of(Rows.chat("s", "t"), Rows.chat(filler + " " + LONG, "yes"),
                Rows.chat("say it", LONG)));
        Contamination found = Contamination.of(training, evalSet(qa(LONG + " " + filler.replace("word", "other")),
                "{\"input\":\"Which riddle?\",\"ideal\":" + Rows.quote(LONG) + "}"));
        assertThat(found.contaminated()).extracting(Contamination.Item::how)
                .containsOnly(Contamination.How.SHARED_13_GRAM);
        assertThat(found.contaminated().getFirst().trainingLines()).containsExactly(2, 3);
        assertThat(found.contaminated().getFirst().overlap()).isCloseTo(24.0 / 84, within(0.03));
        assertThat(found.contaminated().getLast().overlap()).isEqualTo(1);
    }

    @Test
    void whatMoreThanTenRowsShareIsAPhrase() throws IOException {
        String phrase = "answer the question of the customer in a friendly way and never promise anything that we cannot keep ";
        var ten = IntStream.range(0, 10).mapToObj(i -> Rows.chat(phrase + "q" + i + " " + "v" + i * 31, "a")).toList();
        var eleven = new ArrayList<>(ten);
        eleven.add(Rows.chat(phrase + "one more", "a"));
        String rest = IntStream.range(0, 60).mapToObj(i -> "r" + i).collect(Collectors.joining(" "));
        EvalSet set = evalSet(qa(phrase + rest));
        assertThat(Contamination.of(Rows.of(ten), set).contaminated()).hasSize(1);
        assertThat(Contamination.of(Rows.of(eleven), set).contaminated()).isEmpty();
    }

    @Test
    void instructionsAreNoContamination() throws IOException {
        Dataset training = Rows.of(List.of(Rows.chat(LONG, "something else", "yes")));
        assertThat(Contamination.of(training, evalSet(qa(LONG))).contaminated()).isEmpty();
        assertThat(Contamination.of(Rows.of(List.of()), evalSet(qa(LONG))).cleanLines()).containsExactly(1);
    }

    @Test
    void questionsAreReadFromTheUsualShapes() throws IOException {
        EvalSet set = evalSet(
                "{\"messages\":[{\"role\":\"system\",\"content\":\"s\"},{\"role\":\"user\",\"content\":\"one\"},{\"role\":\"assistant\",\"content\":\"1\"}]}",
                "{\"input\":[{\"role\":\"developer\",\"content\":\"s\"},{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"two\"}]}],\"ideal\":[\"2\",\"II\"]}",
                "", "{\"instruction\":\"three\",\"input\":\"with this\",\"output\":\"3\"}",
                "{\"prompt\":\"four\",\"completion\":\"4\"}", "{\"item\":{\"question\":\"five\",\"answer\":5}}",
                "{\"query\":\"six\"}");
        assertThat(set.problems()).isEmpty();
        assertThat(set.items()).containsExactly(new EvalSet.Item(1, "one", "1"), new EvalSet.Item(2, "two", "2\nII"),
                new EvalSet.Item(4, "three\nwith this", "3"), new EvalSet.Item(5, "four", "4"),
                new EvalSet.Item(6, "five", "5"), new EvalSet.Item(7, "six", ""));
    }

    @Test
    void linesWithoutAQuestionAreNamed() throws IOException {
        EvalSet set = evalSet("{\"answer\":\"x\"}", "[1]", "{\"question\":", qa("good?"), "{\"messages\":[]}");
        assertThat(set.items()).hasSize(1);
        assertThat(set.problems()).extracting(Problem::line).containsExactly(1, 2, 3, 5);
        assertThat(set.problems()).extracting(Problem::code).containsOnly("unreadable_eval_item");
        assertThat(evalSet("").problems()).extracting(Problem::code).containsExactly("empty_file");
        assertThat(EvalSet.read(folder.resolve("none.jsonl")).problems()).extracting(Problem::code)
                .containsExactly("file_unreadable");
    }
}
