package dev.attune.dataset.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.dataset.Dataset;
import dev.attune.dataset.DatasetException;
import dev.attune.dataset.FilePart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConverterTest {
    private static final String TWO_TURNS = "{\"messages\":[{\"role\":\"system\",\"content\":\"s\"},{\"role\":\"user\",\"content\":\"q1\"},{\"role\":\"assistant\",\"content\":\"a1\"},{\"role\":\"user\",\"content\":\"q2\"},{\"role\":\"assistant\",\"content\":\"a2\"}]}";

    @TempDir
    private Path folder;

    private Converted convert(String content, TargetFormat target) {
        return Converted.of(folder, content, target);
    }

    @Test
    void aTableBecomesChatAndColumnsThatAreLeftOutAreNamed() {
        Converted converted = convert(
                "id;question;answer;system\n1;\"What\nis it?\";\"A \"\"cat\"\"\";Be kind.\n2;q;a;\n",
                TargetFormat.CHAT);
        assertThat(converted.lines()).containsExactly(
                "{\"messages\":[{\"role\":\"system\",\"content\":\"Be kind.\"},{\"role\":\"user\",\"content\":\"What\\nis it?\"},{\"role\":\"assistant\",\"content\":\"A \\\"cat\\\"\"}]}",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"q\"},{\"role\":\"assistant\",\"content\":\"a\"}]}");
        assertThat(converted.mapped()).containsExactly("'system' → system (1)", "'question' → user (2)",
                "'answer' → assistant (2)");
        assertThat(converted.dropped()).containsExactly(
                "column 'id' dropped 2 times, first in line 2: a row of OpenAI chat does not know it; attune prepare --keep id keeps it");
        assertThat(converted.report().isComplete()).isTrue();
        assertThat(converted.report().lines()).contains("2 row(s) read, 2 written as OpenAI chat");
    }

    @Test
    void cellsMayHoldConversationsAsJson() {
        assertThat(convert(
                "id,messages\n1,\"[{\"\"role\"\":\"\"user\"\",\"\"content\"\":\"\"q\"\"},{\"\"role\"\":\"\"assistant\"\",\"\"content\"\":\"\"a\"\"}]\"\n",
                TargetFormat.CHAT).lines()).containsExactly(
                        "{\"messages\":[{\"role\":\"user\",\"content\":\"q\"},{\"role\":\"assistant\",\"content\":\"a\"}]}");
        assertThat(convert("question,answer\nq,\"[{}]\"\n", TargetFormat.CHAT).lines()).singleElement().asString()
                .endsWith("\"content\":\"[{}]\"}]}");
    }

    @Test
    void columnsAreJoinedAndKeptAsTheMappingSays() {
        Converted converted = Converted.of(folder, "group,ctx,ask,label\ng1,c,q,3\ng2,,q,4\n",
                ReadOptions.defaults().map(ColumnMapping.parse("user=ctx+ask,assistant=label")),
                Converter.to(TargetFormat.CHAT).keeping(Set.of("group")));
        assertThat(converted.lines()).containsExactly(
                "{\"messages\":[{\"role\":\"user\",\"content\":\"c\\n\\nq\"},{\"role\":\"assistant\",\"content\":\"3\"}],\"group\":\"g1\"}",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"q\"},{\"role\":\"assistant\",\"content\":\"4\"}],\"group\":\"g2\"}");
        assertThat(converted.report().dropped()).isEmpty();
    }

    @Test
    void shareGptBecomesChatWithItsCalls() {
        Converted converted = convert(
                "{\"id\":\"x\",\"system\":\"s\",\"tools\":\"[{\\\"name\\\":\\\"f\\\",\\\"parameters\\\":{}}]\",\"conversations\":[{\"from\":\"human\",\"value\":\"q\"},{\"from\":\"function_call\",\"value\":\"{\\\"name\\\": \\\"f\\\", \\\"arguments\\\": {\\\"n\\\": 1.50}}\"},{\"from\":\"observation\",\"value\":\"7\"},{\"from\":\"gpt\",\"value\":\"a\",\"weight\":1}]}",
                TargetFormat.CHAT);
        assertThat(converted.lines()).containsExactly(
                "{\"messages\":[{\"role\":\"system\",\"content\":\"s\"},{\"role\":\"user\",\"content\":\"q\"},{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"n\\\":1.50}\"}}]},{\"role\":\"tool\",\"tool_call_id\":\"call_1\",\"content\":\"7\"},{\"role\":\"assistant\",\"content\":\"a\",\"weight\":1}],\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{}}}]}");
        assertThat(converted.dropped()).containsExactly(
                "id dropped once in line 1: a row of OpenAI chat does not know it; attune prepare --keep id keeps it");
    }

    @Test
    void alpacaWithInputAndHistoryBecomesChat() {
        Converted converted = convert(
                "[{\"instruction\":\"Translate\",\"input\":\"cat\",\"output\":\"Katze\",\"history\":[[\"q\",\"a\"]]},\n{\"instruction\":\"Sing\",\"input\":\"\",\"output\":\"la\"}]",
                TargetFormat.CHAT);
        assertThat(converted.lines()).containsExactly(
                "{\"messages\":[{\"role\":\"user\",\"content\":\"q\"},{\"role\":\"assistant\",\"content\":\"a\"},{\"role\":\"user\",\"content\":\"Translate\\n\\ncat\"},{\"role\":\"assistant\",\"content\":\"Katze\"}]}",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"Sing\"},{\"role\":\"assistant\",\"content\":\"la\"}]}");
        assertThat(converted.mapped()).contains("instruction and input, joined by an empty line → role 'user' (1)");
    }

    @Test
    void everyWayToWriteAPreferenceBecomesOpenAisOne() {
        String row = "{\"input\":{\"messages\":[{\"role\":\"user\",\"content\":\"q\"}]},\"preferred_output\":[{\"role\":\"assistant\",\"content\":\"good\"}],\"non_preferred_output\":[{\"role\":\"assistant\",\"content\":\"bad\"}]}";
        String user = "{\"role\":\"user\",\"content\":\"q\"}";
        String good = "{\"role\":\"assistant\",\"content\":\"good\"}";
        String bad = "{\"role\":\"assistant\",\"content\":\"bad\"}";
        for (String written : List.of(row, row.replace("_output", "_completion"),
                "{\"prompt\":\"q\",\"chosen\":\"good\",\"rejected\":\"bad\"}",
                "{\"question\":\"q\",\"chosen\":\"good\",\"rejected\":\"bad\"}",
                "{\"instruction\":\"q\",\"input\":\"\",\"chosen\":\"good\",\"rejected\":\"bad\"}",
                "{\"prompt\":[" + user + "],\"chosen\":[" + good + "],\"rejected\":[" + bad + "]}",
                "{\"prompt\":\"q\",\"chosen\":[" + user + "," + good + "],\"rejected\":[" + user + "," + bad + "]}",
                "{\"chosen\":[" + user + "," + good + "],\"rejected\":[" + user + "," + bad + "]}",
                "{\"conversations\":[{\"from\":\"human\",\"value\":\"q\"}],\"chosen\":{\"from\":\"gpt\",\"value\":\"good\"},\"rejected\":{\"from\":\"gpt\",\"value\":\"bad\"}}",
                "user,preferred,non_preferred\nq,good,bad\n")) {
            Converted converted = convert(written, TargetFormat.PREFERENCE);
            assertThat(converted.lines()).as(written).containsExactly(row);
            assertThat(converted.report().dropped()).as(written).isEmpty();
        }
        Converted chat = convert(row, TargetFormat.CHAT);
        assertThat(chat.lines()).containsExactly("{\"messages\":[" + user + "," + good + "]}");
        assertThat(chat.dropped()).containsExactly(
                "non_preferred_output dropped once in line 1: a row of OpenAI chat has one answer");
    }

    @Test
    void pairsThatAnswerDifferentQuestionsAreProblems() {
        String one = "[{\"role\":\"user\",\"content\":\"q\"},{\"role\":\"assistant\",\"content\":\"a\"}]";
        String other = "[{\"role\":\"user\",\"content\":\"x\"},{\"role\":\"assistant\",\"content\":\"b\"}]";
        Converted converted = convert(
                "{\"chosen\":" + one + ",\"rejected\":" + other + "}\n{\"prompt\":\"y\",\"chosen\":"
                        + one + ",\"rejected\":" + one + "}\n{\"chosen\":\"a\",\"rejected\":\"b\"}\n"
                        + "{\"prompt\":\"p\",\"chosen\":{\"role\":\"user\",\"content\":\"a\"},\"rejected\":\"b\"}\n",
                TargetFormat.PREFERENCE);
        assertThat(converted.problems()).containsExactly(
                "preference_output line 1, /rejected: 'chosen' and 'rejected' differ before their last message; both must answer the same question",
                "preference_output line 2, /chosen: 'chosen' begins otherwise than the prompt of the row",
                "preference_output line 3: the row has no question: neither 'prompt' nor messages before the answer in 'chosen'",
                "preference_output line 4, /chosen/0: the message must be of the role assistant, not 'user'");
    }

    @Test
    void reinforcementRowsKeepWhatTheGraderReads() {
        String row = "{\"messages\":[{\"role\":\"user\",\"content\":\"q\"}],\"reference_answer\":{\"n\":[1,null,2.50]},\"difficulty\":3}";
        Converted same = convert("[" + row + "]", TargetFormat.REINFORCEMENT);
        assertThat(same.lines()).containsExactly(row);
        assertThat(same.report().dropped()).isEmpty();
        assertThatThrownBy(() -> convert(row, TargetFormat.CHAT)).isInstanceOf(DatasetException.class)
                .hasMessageContaining("--map user=messages,assistant=KEY");
        Converted mapped = Converted.of(folder, row,
                ReadOptions.defaults().map(ColumnMapping.parse("user=messages,assistant=difficulty")),
                Converter.to(TargetFormat.CHAT));
        assertThat(mapped.lines()).containsExactly(
                "{\"messages\":[{\"role\":\"user\",\"content\":\"q\"},{\"role\":\"assistant\",\"content\":\"3\"}]}");
        Converted task = convert(TWO_TURNS, TargetFormat.REINFORCEMENT);
        assertThat(task.lines().getFirst())
                .endsWith("{\"role\":\"user\",\"content\":\"q2\"}],\"reference_answer\":\"a2\"}");
    }

    @Test
    void aConversationBecomesOneRowForEachAnswerThatIsTrained() {
        Converter each = Converter.to(TargetFormat.CHAT).turns(Turns.EACH_ANSWER);
        Converted converted = Converted.of(folder, TWO_TURNS, ReadOptions.defaults(), each);
        assertThat(converted.lines()).containsExactly(
                "{\"messages\":[{\"role\":\"system\",\"content\":\"s\"},{\"role\":\"user\",\"content\":\"q1\"},{\"role\":\"assistant\",\"content\":\"a1\"}]}",
                "{\"messages\":[{\"role\":\"system\",\"content\":\"s\"},{\"role\":\"user\",\"content\":\"q1\"},{\"role\":\"assistant\",\"content\":\"a1\",\"weight\":0},{\"role\":\"user\",\"content\":\"q2\"},{\"role\":\"assistant\",\"content\":\"a2\"}]}");
        assertThat(converted.report().rowsRead()).isEqualTo(1);
        assertThat(converted.report().rowsWritten()).isEqualTo(2);
        String untrained = TWO_TURNS.replace("\"content\":\"a1\"", "\"content\":\"a1\",\"weight\":0");
        assertThat(Converted.of(folder, untrained, ReadOptions.defaults(), each).lines()).containsExactly(untrained);
        assertThat(convert(TWO_TURNS, TargetFormat.CHAT).lines()).containsExactly(TWO_TURNS);
    }

    @Test
    void whatAFormatCannotSayIsAProblemOrNamedAsDropped() {
        String calls = "{\"messages\":[{\"role\":\"user\",\"content\":\"q\"},{\"role\":\"assistant\",\"tool_calls\":[]}]}";
        String image = "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{}}]},{\"role\":\"assistant\",\"content\":\"a\"}]}";
        String context = "{\"messages\":[{\"role\":\"user\",\"name\":\"n\",\"content\":[{\"type\":\"text\",\"text\":\"x\"},{\"type\":\"text\",\"text\":\"y\"}]},{\"role\":\"assistant\",\"content\":\"a\",\"weight\":1}],\"parallel_tool_calls\":false}";
        Converted faulty = convert(calls + "\n" + image + "\n" + TWO_TURNS + "\n" + context + "\n", TargetFormat.CSV);
        assertThat(faulty.problems()).containsExactly(
                "not_expressible line 1, /messages/1/tool_calls: 'tool_calls' cannot be written as CSV; choose openai",
                "not_expressible line 2, /messages/0/content/0: a part that is not text cannot be written as CSV; choose openai",
                "not_expressible line 3, /messages: the conversation has 2 answers, and a row of CSV has one; choose openai, sharegpt or alpaca");
        assertThat(faulty.text()).as("an error keeps the file from being written").isEmpty();
        assertThat(faulty.report().rowsWritten()).isZero();
        Converted skipped = Converted.of(folder, calls + "\n" + context, ReadOptions.defaults(),
                Converter.to(TargetFormat.CSV).skippingFaultyRows());
        assertThat(skipped.text()).isEqualTo("system,user,assistant\n,\"x\ny\",a\n");
        assertThat(skipped.report().isComplete()).isFalse();
        assertThat(skipped.report().errors()).isEqualTo(1);
        assertThat(skipped.dropped()).containsExactly(
                "parallel_tool_calls dropped once in line 2: CSV has no place for it",
                "messages[].weight 1 dropped once in line 2: an answer without weight means the same",
                "messages[].name dropped once in line 2: CSV has no place for it");
        assertThat(skipped.mapped()).contains("text parts of a message → one text, joined by a line feed (1)");
    }

    @Test
    void keysOfMessagesThatNobodyKnowsAreDroppedAndMisspeltOnesAreProblems() {
        Converted converted = convert(TWO_TURNS.replace("\"content\":\"a2\"",
                "\"content\":\"a2\",\"annotations\":[],\"function_call\":null"), TargetFormat.CHAT);
        assertThat(converted.lines()).containsExactly(TWO_TURNS);
        assertThat(converted.dropped()).containsExactly(
                "messages[].annotations dropped once in line 1: no message of a training file has this key",
                "messages[].function_call dropped once in line 1: it is null, which says nothing");
        Converted misspelt = convert(TWO_TURNS.replace("\"content\":\"a1\"", "\"content\":\"a1\",\"wieght\":0"),
                TargetFormat.CHAT);
        assertThat(misspelt.problems()).containsExactly(
                "message_unrecognized_key line 1, /messages/2/wieght: the key 'wieght' is unknown in a message; did you mean 'weight'?");
    }

    @Test
    void transcriptsBecomeMessages() {
        String asked = "\\n\\nHuman: Is it safe?\\n\\nAssistant: Which one?\\n\\nHuman: The old one.\\nHuman: I mean.\\n\\nAssistant:";
        Converted converted = Converted.of(folder,
                "{\"chosen\":\"" + asked + " No.\",\"rejected\":\"" + asked + " Yes.\"}\n", TargetFormat.PREFERENCE);
        assertThat(converted.lines()).containsExactly(
                "{\"input\":{\"messages\":[{\"role\":\"user\",\"content\":\"Is it safe?\"},{\"role\":\"assistant\",\"content\":\"Which one?\"},{\"role\":\"user\",\"content\":\"The old one.\\nHuman: I mean.\"}]},\"preferred_output\":[{\"role\":\"assistant\",\"content\":\"No.\"}],\"non_preferred_output\":[{\"role\":\"assistant\",\"content\":\"Yes.\"}]}");
        assertThat(converted.mapped()).anyMatch(line -> line.startsWith("'Human:' and 'Assistant:' in chosen"));
        Converted differ = Converted.of(folder, "{\"chosen\":\"" + asked
                + " No.\",\"rejected\":\"\\n\\nHuman: Where?\\n\\nAssistant: Here.\"}\n", TargetFormat.PREFERENCE);
        assertThat(differ.problems()).singleElement().asString().contains("differ before their last message");
    }

    @Test
    void functionsOfTheOldApiBecomeTools() {
        Converted converted = convert(
                "{\"functions\":[{\"name\":\"f\"}],\"messages\":[{\"role\":\"user\",\"content\":\"q\"},{\"role\":\"assistant\",\"content\":null,\"function_call\":{\"name\":\"f\",\"arguments\":\"{}\"}},{\"role\":\"function\",\"name\":\"f\",\"content\":\"7\"},{\"role\":\"assistant\",\"content\":\"a\"}]}",
                TargetFormat.CHAT);
        assertThat(converted.lines()).containsExactly(
                "{\"messages\":[{\"role\":\"user\",\"content\":\"q\"},{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]},{\"role\":\"tool\",\"name\":\"f\",\"content\":\"7\",\"tool_call_id\":\"call_1\"},{\"role\":\"assistant\",\"content\":\"a\"}],\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]}");
        assertThat(converted.mapped()).containsExactly("functions → tools (1)",
                "messages[].function_call → messages[].tool_calls (1)", "role 'function' → role 'tool' (1)");
    }

    @Test
    void rowsThatCannotBeReadAreAllNamed() {
        Converted converted = convert(
                "{\"question\":\"q\",\"answer\":\"a\"}\n{\"question\":\"q\",\"answer\":\"\"}\n{\"question\":{},\"answer\":\"a\"}\n{broken\n{\"question\":\"q\",\"question\":\"q\",\"answer\":\"a\"}\n\n{\"question\":\"q\",\"answer\":12}\n",
                TargetFormat.CHAT);
        assertThat(converted.problems()).hasSize(5);
        assertThat(converted.problems().get(0)).isEqualTo(
                "empty_cell line 2, /answer: 'answer' is empty; every row needs a text for 'assistant'");
        assertThat(converted.problems().get(1)).isEqualTo("data_type line 3, /question: 'question' must be a text");
        assertThat(converted.problems().get(2)).startsWith("invalid_json line 4");
        assertThat(converted.problems().get(3)).startsWith("duplicate_key line 5, /question");
        assertThat(converted.problems().get(4)).startsWith("blank_line line 6");
        assertThat(converted.report().errors()).isEqualTo(4);
        assertThat(converted.report().rowsRead()).isEqualTo(6);
    }

    @Test
    void rowsOfAnArrayAreNamedByTheirPlaceInIt() {
        Converted converted = convert(
                "[{\"question\":\"q\",\"answer\":\"a\"},{\"question\":\"q\",\"answer\":null},{\"answer\":1,\"answer\":2}]",
                TargetFormat.CHAT);
        assertThat(converted.problems()).containsExactly(
                "empty_cell line 2, /1/answer: 'answer' is empty; every row needs a text for 'assistant'",
                "duplicate_key line 3, /2/answer: the key 'answer' stands twice in one object; keep one of them");
    }

    @Test
    void severalFilesBecomeOneAndAnErrorInOneStopsAll() throws IOException {
        Path one = Files.writeString(folder.resolve("one"), "question,answer\nq,a\n");
        Path other = Files.writeString(folder.resolve("other"), TWO_TURNS);
        Path out = folder.resolve("new/out.jsonl");
        List<ConversionReport> reports = Converter.to(TargetFormat.CHAT)
                .convert(List.of(DataFiles.detect(one), DataFiles.detect(other)), out);
        assertThat(reports).extracting(ConversionReport::rowsWritten).containsExactly(1, 1);
        assertThat(Files.readAllLines(out)).hasSize(2).last().isEqualTo(TWO_TURNS);
        Files.writeString(one, "question,answer\nq,\n");
        Files.writeString(out, "old");
        reports = Converter.to(TargetFormat.CHAT)
                .convert(List.of(DataFiles.detect(one), DataFiles.detect(other)), out);
        assertThat(reports).extracting(ConversionReport::rowsWritten).containsExactly(0, 0);
        assertThat(out).hasContent("old");
    }

    @Test
    void whatCannotBecomeTheTargetIsSaidBeforeAnythingIsWritten() {
        assertThatThrownBy(() -> convert(TWO_TURNS, TargetFormat.PREFERENCE)).isInstanceOf(DatasetException.class)
                .hasMessageContaining("needs a better and a worse one; name both with --map");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void anyFormatCanBeReadForTheChecks() throws IOException {
        var table = new StringBuilder("question,answer,topic\n");
        for (int i = 0; i < 12; i++) {
            table.append("\"Question\n%d\",Answer %d,t%d\n".formatted(i, i, i % 3));
        }
        Path file = Files.writeString(folder.resolve("qa.csv"), table);
        Dataset dataset = Dataset.read(
                Converter.to(TargetFormat.CHAT).keeping(Set.of("topic")).rows(DataFiles.detect(file)),
                FilePart.TRAINING);
        assertThat(dataset.rows()).hasSize(12);
        assertThat(dataset.rows().get(2).line()).isEqualTo(6);
        assertThat(dataset.rows().get(2).raw()).containsEntry("topic", "t2");
        assertThat(dataset.rows().get(2).output()).isEqualTo("Answer 2");
        assertThat(dataset.source()).isEqualTo(file);
        Files.writeString(file, "question,answer\nq,a\nq,b,c\n ,b\n");
        Dataset faulty = Dataset.read(Converter.to(TargetFormat.CHAT).rows(DataFiles.detect(file)), FilePart.TRAINING);
        assertThat(faulty.problems()).extracting(problem -> problem.code() + " " + problem.line())
                .contains("empty_message 4", "csv_ragged 3", "invalid_n_examples 0");
        var source = Converter.to(TargetFormat.CHAT).rows(DataFiles.detect(file));
        Files.delete(file);
        assertThat(Dataset.read(source, FilePart.TEST).problems()).extracting(problem -> problem.code())
                .containsExactly("file_unreadable");
    }
}
