package dev.attune.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.text.Message;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PreferenceReaderTest {
    private static final String USER = "{\"role\":\"user\",\"content\":\"q\"}";
    private static final String GOOD = "{\"role\":\"assistant\",\"content\":\"good\"}";
    private static final String BAD = "{\"role\":\"assistant\",\"content\":\"bad\"}";

    private static final class Seen implements PreferenceReader.Listener {
        final List<PreferenceRow> rows = new ArrayList<>();
        final List<Problem> problems = new ArrayList<>();

        @Override
        public void row(PreferenceRow row) {
            rows.add(row);
        }

        @Override
        public void problem(Problem problem) {
            problems.add(problem);
        }
    }

    private static Seen read(String... lines) {
        var seen = new Seen();
        try {
            PreferenceReader.read(new ByteArrayInputStream(String.join("\n", lines).getBytes(StandardCharsets.UTF_8)),
                    "rows.jsonl", FilePart.VALIDATION, seen);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return seen;
    }

    private static String row(String input, String preferred, String other) {
        return "{\"input\":{\"messages\":[" + input + "]},\"preferred_output\":[" + preferred
                + "],\"non_preferred_output\":[" + other + "]}";
    }

    private static void assertProblem(String line, String problem) {
        Seen seen = read(line);
        assertThat(seen.rows).as(line).isEmpty();
        assertThat(seen.problems).extracting(p -> p.code() + " " + p.pointer()).as(line).containsExactly(problem);
    }

    private static List<String> codes(Seen seen) {
        return seen.problems.stream().map(problem -> problem.code() + " " + problem.pointer()).toList();
    }

    @Test
    void goodRowsAreRead() {
        String line = row("{\"role\":\"system\",\"content\":\"s\"}," + USER, GOOD, BAD);
        Seen seen = read(line);
        assertThat(seen.problems).isEmpty();
        PreferenceRow row = seen.rows.getFirst();
        assertThat(row.json()).isEqualTo(line);
        assertThat(row.line()).isEqualTo(1);
        assertThat(row.input().messages()).containsExactly(new Message.System("s"), new Message.User("q"));
        assertThat(row.preferred()).isEqualTo(new Message.Assistant("good"));
        assertThat(row.preferredConversation().messages()).hasSize(3).last().isEqualTo(new Message.Assistant("good"));
        assertThat(row.nonPreferredConversation().messages().getLast()).isEqualTo(new Message.Assistant("bad"));
        assertThat(read(row(USER + "," + GOOD + "," + USER, GOOD, BAD)).rows).hasSize(1);
    }

    @Test
    void eachOutputIsExactlyOneAssistantMessage() {
        assertProblem(row(USER, "", BAD), "preference_output /preferred_output");
        assertProblem(row(USER, GOOD, BAD + "," + BAD), "preference_output /non_preferred_output");
        assertProblem(row(USER, USER, BAD), "preference_output /preferred_output/0");
        assertProblem(row(USER, "\"good\"", BAD), "preference_output /preferred_output/0");
        assertProblem(row(USER, GOOD, BAD).replace("[" + BAD + "]", BAD), "preference_output /non_preferred_output");
        assertProblem("{\"input\":{\"messages\":[" + USER + "]},\"preferred_output\":[" + GOOD + "]}",
                "preference_output /non_preferred_output");
        assertProblem(row(USER, GOOD.replace("good", " "), BAD), "empty_message /preferred_output/0/content");
        assertProblem(row(USER, GOOD, BAD.replace("\"bad\"", "7")), "missing_content /non_preferred_output/0/content");
        assertProblem(row(USER, GOOD.replace("}", ",\"mood\":1}"), BAD),
                "message_unrecognized_key /preferred_output/0/mood");
    }

    @Test
    void outputsThatAreTheSamePreferNothing() {
        assertProblem(row(USER, GOOD, GOOD), "identical_outputs /non_preferred_output");
        assertThat(read(row(USER, GOOD, GOOD.replace("good", "good "))).rows).hasSize(1);
    }

    @Test
    void theInputEndsWithTheUser() {
        assertProblem(row(USER + "," + GOOD, GOOD, BAD), "last_message_not_user /input/messages/1");
        assertProblem(row("", GOOD, BAD), "missing_messages_list /input/messages");
        assertProblem(row("{\"role\":\"usr\",\"content\":\"q\"}", GOOD, BAD),
                "unrecognized_role /input/messages/0/role");
        assertProblem("{\"input\":\"q\",\"preferred_output\":[" + GOOD + "],\"non_preferred_output\":[" + BAD + "]}",
                "data_type /input");
    }

    @Test
    void noMessageHasAWeight() {
        assertProblem(row(USER, GOOD.replace("}", ",\"weight\":1}"), BAD),
                "weight_in_preference /preferred_output/0/weight");
        assertProblem(row(USER + "," + GOOD.replace("}", ",\"weight\":0}") + "," + USER, GOOD, BAD),
                "weight_in_preference /input/messages/1/weight");
    }

    @Test
    void rowsOfOtherFormsSayHowTheyAreConverted() {
        assertThat(read("{\"prompt\":\"q\",\"chosen\":\"a\",\"rejected\":\"b\"}").problems.getFirst().message())
                .startsWith("this is a preference row of another form")
                .endsWith("attune prepare FILE --to preference --out DIR converts a file of such rows");
        assertThat(read(Rows.chat("q", "a")).problems.getFirst().message()).startsWith("this is no preference row");
        assertThat(Rows.withGood(row(USER, GOOD, BAD)).problems().getFirst().message())
                .startsWith("this is a preference row;")
                .endsWith("attune prepare FILE --out DIR converts a file of such rows");
    }

    @Test
    void theOlderKeysAreReadAndWarnedOf() {
        String older = row(USER, GOOD, BAD).replace("_output", "_completion");
        Seen seen = read(older);
        assertThat(seen.rows).singleElement()
                .satisfies(pair -> assertThat(pair.nonPreferred()).isNotEqualTo(pair.preferred()));
        assertThat(codes(seen)).containsExactly("deprecated_preference_key /preferred_completion");
        Seen empty = read(older.replace("\"preferred_completion\":[" + GOOD + "]", "\"preferred_completion\":[]"));
        assertThat(empty.rows).isEmpty();
        assertThat(codes(empty)).containsExactly("deprecated_preference_key /preferred_completion",
                "preference_output /preferred_completion");
    }

    @Test
    void otherKeysAreWarnedOfAndAllProblemsAreFoundAtOnce() {
        Seen seen = read(row(USER, GOOD, BAD).replace("{\"input\":{", "{\"id\":1,\"input\":{\"topic\":2,"), "",
                row(USER + "," + GOOD, GOOD + "," + GOOD, USER), "{");
        assertThat(seen.rows).hasSize(1);
        assertThat(seen.problems).extracting(p -> p.code() + " " + p.where()).containsExactly(
                "example_unrecognized_key line 1, /id", "example_unrecognized_key line 1, /input/topic",
                "preference_output line 3, /preferred_output", "preference_output line 3, /non_preferred_output/0",
                "last_message_not_user line 3, /input/messages/1", "invalid_json line 4", "blank_line line 2");
    }

    @Test
    void aFileThatIsMissingIsAProblem() {
        var seen = new Seen();
        assertThat(PreferenceReader.read(Path.of("does-not-exist.jsonl"), FilePart.TRAINING, seen)).isZero();
        assertThat(seen.problems).extracting(Problem::code).containsExactly("file_not_found");
    }
}
