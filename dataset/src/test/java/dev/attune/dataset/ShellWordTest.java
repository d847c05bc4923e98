package dev.attune.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShellWordTest {
    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', value = {"data/a.jsonl, data/a.jsonl", "my file (1).csv, 'my file (1).csv'",
            "it's.csv, 'it'\\''s.csv'", "-x.csv, ./-x.csv", "a$b.csv, 'a$b.csv'", "Zürich.csv, 'Zürich.csv'"})
    void pathsAreOneWord(String path, String word) {
        assertThat(ShellWord.of(path)).isEqualTo(word);
    }

    @Test
    void commandsThatAreSuggestedCanBeCopied() {
        Dataset array = Dataset.parse(Path.of("my dump.json"), "[{\"a\":1}]".getBytes(StandardCharsets.UTF_8));
        assertThat(array.problems()).extracting(Problem::message)
                .anyMatch(message -> message.contains("attune prepare 'my dump.json' --out DIR"));
    }
}
