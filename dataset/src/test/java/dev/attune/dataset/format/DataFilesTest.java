package dev.attune.dataset.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.dataset.DatasetException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFilesTest {
    private static final String CHAT = "{\"messages\":[{\"role\":\"user\",\"content\":\"q\"},{\"role\":\"assistant\",\"content\":\"a\"}]}";

    @TempDir
    private Path folder;

    private Path file(byte[] content) throws IOException {
        return Files.write(folder.resolve("data"), content);
    }

    private Detected detect(String content) throws IOException {
        return detect(content, ReadOptions.defaults());
    }

    private Detected detect(String content, ReadOptions options) throws IOException {
        return DataFiles.detect(file(content.getBytes(StandardCharsets.UTF_8)), options);
    }

    private void assertRefused(String content, String sentence) {
        assertRefused(content, ReadOptions.defaults(), sentence);
    }

    private void assertRefused(String content, ReadOptions options, String sentence) {
        assertThatThrownBy(() -> detect(content, options)).isInstanceOf(DatasetException.class)
                .hasMessageContaining(sentence)
                .message()
                .doesNotContain("\n")
                .doesNotEndWith(".");
    }

    @Test
    void eachRowFormatIsToldByItsKeys() throws IOException {
        assertThat(detect(CHAT).format()).isEqualTo(SourceFormat.CHAT);
        assertThat(detect("{\"prompt\":\"p\",\"completion\":\"c\"}").format())
                .isEqualTo(SourceFormat.PROMPT_COMPLETION);
        assertThat(detect("{\"input\":{\"messages\":[]},\"preferred_output\":[],\"non_preferred_output\":[]}").format())
                .isEqualTo(SourceFormat.PREFERENCE);
        assertThat(detect("{\"input\":{},\"preferred_completion\":[],\"non_preferred_completion\":[]}").format())
                .isEqualTo(SourceFormat.PREFERENCE);
        assertThat(detect("{\"prompt\":\"p\",\"chosen\":\"c\",\"rejected\":\"r\"}").format())
                .isEqualTo(SourceFormat.PREFERENCE);
        assertThat(detect("{\"messages\":[{\"role\":\"user\",\"content\":\"q\"}],\"reference_answer\":\"a\"}").format())
                .isEqualTo(SourceFormat.REINFORCEMENT);
        assertThat(detect("{\"id\":1,\"conversations\":[{\"from\":\"human\",\"value\":\"q\"}]}").format())
                .isEqualTo(SourceFormat.SHAREGPT);
        assertThat(detect("{\"instruction\":\"i\",\"input\":\"\",\"output\":\"o\"}").format())
                .isEqualTo(SourceFormat.ALPACA);
        assertThat(detect("{\"instruction\":\"i\",\"context\":\"\",\"response\":\"o\"}").format())
                .isEqualTo(SourceFormat.ALPACA);
        Detected qa = detect("{\"id\":7,\"Question\":\"q\",\"Answer\":\"a\"}");
        assertThat(qa.format()).isEqualTo(SourceFormat.QUESTION_ANSWER);
        assertThat(qa.mapping().toString()).isEqualTo("user=Question,assistant=Answer");
        assertThat(qa.evidence()).isEqualTo(qa.file()
                + " is JSON Lines with question and answer rows, by the names of the keys: user=Question,assistant=Answer");
    }

    @Test
    void oneUnansweredChatRowDoesNotMakeAReinforcementFile() throws IOException {
        assertThat(detect(CHAT + "\n{\"id\":1,\"messages\":[{\"role\":\"user\",\"content\":\"q\"}]}\n").format())
                .isEqualTo(SourceFormat.CHAT);
    }

    @Test
    void eachContainerIsToldByItsBeginning() throws IOException {
        assertThat(detect("\n" + CHAT + "\n" + CHAT).container()).isEqualTo(new Container.JsonLines());
        assertThat(detect("{\"broken\n" + CHAT).container()).isEqualTo(new Container.JsonLines());
        assertThat(detect("\uFEFF [\n" + CHAT + ",\n" + CHAT + "\n]\n").container())
                .isEqualTo(new Container.JsonArray());
        assertThat(detect("[" + CHAT + "]").container()).isEqualTo(new Container.JsonArray());
        assertThat(detect("{\n  \"prompt\": \"p\",\n  \"completion\": \"c\"\n}\n{\n}\n").container())
                .isEqualTo(new Container.JsonObjects());
        assertThat(detect(
                "{\n\"messages\": [\n{\"role\":\"user\",\"content\":\"q\"},\n{\"role\":\"assistant\",\"content\":\"a\"}\n]\n}\n")
                .container()).as("messages on lines of their own are no rows").isEqualTo(new Container.JsonObjects());
        assertThat(detect("question,answer\na,b\n").container())
                .isEqualTo(new Container.Table(',', '"', true, List.of("question", "answer")));
        assertThat(detect("\uFEFFquestion;answer;id\r\n\"a;1\";b;3\r\n").container())
                .isEqualTo(new Container.Table(';', '"', true, List.of("question", "answer", "id")));
        assertThat(detect("'question'|'answer'\n'a|1'|b\n").container())
                .isEqualTo(new Container.Table('|', '\'', true, List.of("question", "answer")));
        Detected tsv = detect("prompt\tcompletion\n1, 2\t3\n");
        assertThat(tsv.format()).isEqualTo(SourceFormat.PROMPT_COMPLETION);
        assertThat(tsv.evidence()).isEqualTo(tsv.file()
                + " is TSV (2 columns set apart by '\\t', with a header) with prompt/completion rows, by column 'prompt', 'completion'");
    }

    @Test
    void gzipIsReadThrough() throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(CHAT.getBytes(StandardCharsets.UTF_8));
        }
        Detected detected = DataFiles.detect(file(bytes.toByteArray()));
        assertThat(detected.gzip()).isTrue();
        assertThat(detected.evidence()).contains("JSON Lines, compressed with gzip, with OpenAI chat rows");
        byte[] cut = Arrays.copyOf(bytes.toByteArray(), bytes.size() - 12);
        assertThatThrownBy(() -> DataFiles.detect(file(cut)))
                .hasMessageContaining("ends in the middle of its gzip data");
    }

    @Test
    void whereTwoReadingsArePossibleTheSentenceNamesTheOptionThatDecides() throws IOException {
        String both = "{\"prompt\":\"p\",\"chosen\":\"c\",\"rejected\":\"r\",\"messages\":[{\"role\":\"user\",\"content\":\"q\"}]}";
        assertRefused(both, "say which with --from openai or --from preference");
        assertThat(detect(both, ReadOptions.defaults().from(SourceFormat.PREFERENCE)).evidence())
                .endsWith("as --from says");
        assertRefused("{\"prompt\":\"p\",\"completion\":\"c\"}\n" + CHAT,
                "OpenAI chat ('messages' in 1 of the first 2 rows)");
        assertRefused("{\"question\":\"q\",\"query\":\"x\",\"answer\":\"a\"}",
                "user may be 'question', 'query'; say what is meant, for example with --map user=question,assistant=answer");
        assertRefused("{\"question\":\"q\",\"answer\":\"a\"}\n{\"question\":\"q\",\"context\":\"c\",\"answer\":\"a\"}",
                "'context' may belong to the question or not; say what is meant, for example with --map user=context+question,assistant=answer");
        assertRefused("a;b,c;d\n1;2,3;4\n", "set apart by ',' or ';'; say which with --delimiter");
        assertRefused("text,label\nhello,good\n",
                "a table without a column of a known name (its first line has 'text', 'label'); name the columns with --map user=COLUMN,assistant=COLUMN");
        ColumnMapping numbers = ColumnMapping.parse("user=1,assistant=2");
        assertRefused("text,label\nhello,good\n", ReadOptions.defaults().map(numbers), "--header or --no-header");
        assertThat(detect("text,label\nhello,good\n", ReadOptions.defaults().map(numbers).header(true)).mapping()
                .toString()).isEqualTo("user=text,assistant=label");
        assertThat(detect("text,label\nhello,good\n", ReadOptions.defaults().map(numbers).header(false)).container())
                .isEqualTo(new Container.Table(',', '"', false, List.of("1", "2")));
    }

    @Test
    void whatTheOptionsSayMustBeTrue() {
        assertRefused("text,label\nhello,good\n",
                ReadOptions.defaults().map(ColumnMapping.parse("user=txt,assistant=label")),
                "--map names a column that");
        assertRefused(CHAT, ReadOptions.defaults().map(ColumnMapping.parse("user=q,assistant=a")),
                "--map names 'q', which");
        assertRefused(CHAT, ReadOptions.defaults().from(SourceFormat.MAPPED), "--from mapped needs --map");
    }

    @Test
    void whatIsNoDataIsRefusedWithTheReason() throws IOException {
        assertRefused("", "is empty");
        assertRefused(" \n\n", "is empty");
        assertRefused("[]", "has no rows");
        assertRefused("<html></html>", "HTML or XML");
        assertRefused("Once upon a time.\nThere was.",
                "neither JSON nor a table of at least two columns; it begins with 'Once upon a time.'");
        assertRefused("[\"q\",\"a\"]\n[\"q\",\"a\"]\n", "has a list on each line");
        assertRefused("{\"text\":\"t\"}", "rows of no known format (keys 'text'); say what is what with --map");
        assertRefused("{\"version\": 1, \"data\": [" + CHAT + "]}", "its rows seem to stand in the key 'data'");
        assertRefused("{\"custom_id\":\"1\",\"body\":{}}", "holds batch requests");
        assertRefused("question,answer,answer\na,b,c\n", "two columns of the name 'answer'");
        assertRefused("{\"a\n{\"b\n", "has no row among the first 2 that can be read");
        assertThatThrownBy(() -> DataFiles.detect(file("PK\3\4x".getBytes(StandardCharsets.UTF_8))))
                .hasMessageContaining("ZIP or Excel");
        assertThatThrownBy(() -> DataFiles.detect(file("\uFEFFx".getBytes(StandardCharsets.UTF_16LE))))
                .hasMessageContaining("is UTF-16; save it as UTF-8");
        assertThatThrownBy(() -> DataFiles.detect(folder)).hasMessageContaining("is a directory");
        assertThatThrownBy(() -> DataFiles.detect(folder.resolve("none"))).hasMessageContaining("does not exist");
    }

    @Test
    void aFileOfTheWrongNameIsReadByItsContent() throws IOException {
        Path csv = Files.writeString(folder.resolve("rows.csv"), CHAT + "\n");
        assertThat(DataFiles.detect(csv).container()).isEqualTo(new Container.JsonLines());
        Path jsonl = Files.writeString(folder.resolve("rows.jsonl"), "question,answer\na,b\n");
        assertThat(DataFiles.detect(jsonl).container()).isInstanceOf(Container.Table.class);
    }

    @Test
    void mappingsAreReadAsTheyAreWritten() {
        assertThat(ColumnMapping.parse("user=a+b\\,c, assistant = d\\=e").columns())
                .containsEntry(ColumnMapping.Part.USER, List.of("a", "b,c"))
                .containsEntry(ColumnMapping.Part.ASSISTANT, List.of("d=e"));
        String odd = "system=s\\\\,user=a\\+b\\,c+d,assistant=e\\=f";
        assertThat(ColumnMapping.parse(odd)).hasToString(odd);
        assertThat(ColumnMapping.none().isEmpty()).isTrue();
        for (var faulty : List.of(List.of("question", "'question' is not of this form"),
                List.of("user=a", "does not say which column is 'assistant'"),
                List.of("usr=a,assistant=b", "does not know the part 'usr'"),
                List.of("user=a,user=b,assistant=c", "names 'user' twice"),
                List.of("user=a,preferred=b", "does not say which column is 'non_preferred'"),
                List.of("user=a,assistant=b,preferred=c", "names both 'assistant' and a preference"))) {
            assertThatThrownBy(() -> ColumnMapping.parse(faulty.getFirst())).isInstanceOf(DatasetException.class)
                    .hasMessageContaining(faulty.getLast());
        }
    }

    @Test
    void formatsAreCalledByTheirOptionNames() {
        for (SourceFormat format : SourceFormat.values()) {
            assertThat(SourceFormat.of(format.optionName())).isEqualTo(format);
        }
        for (TargetFormat format : TargetFormat.values()) {
            assertThat(TargetFormat.of(format.optionName())).isEqualTo(format);
        }
        assertThatThrownBy(() -> SourceFormat.of("cvs")).hasMessageContaining("--from takes openai, prompt-completion");
        assertThatThrownBy(() -> TargetFormat.of("cvs")).hasMessageContaining("--to takes openai, prompt-completion");
    }
}
