package dev.attune.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.engine.EngineException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgressLogTest {
    private static final Instant TIME = Instant.parse("2026-11-20T10:00:00.123Z");

    @TempDir
    Path folder;
    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("progress.jsonl");
    }

    private static List<Progress> oneOfEach() {
        double none = Double.NaN;
        return List.of(new Progress.Started(1, TIME, 60, 100, 12, 5000),
                new Progress.Step(2, TIME, 60, 1, new StepMetrics(7, 1.5, 0.25, none, none, none, none), 812.5, 9.25),
                new Progress.Step(3, TIME, 60, 1, new StepMetrics(10, 1.25, 0.5, 2, 0.125, 2.5, 0.0625), 800, 8),
                new Progress.CheckpointSaved(4, TIME, 10, 1, "checkpoints/step-000010",
                        new StepMetrics(10, 1.25, 0.5, 2, 0.125, 2.5, 0.0625)),
                new Progress.Note(5, TIME, Progress.Level.WARN, "A \"quoted\" note\nof two lines."),
                new Progress.Succeeded(6, TIME, 300_000), new Progress.Cancelled(7, TIME),
                new Progress.Failed(8, TIME, "invalid_training_file", "It is empty.", "training_file"));
    }

    @Test
    void everyKindOfLineIsReadAsItWasWritten() throws Exception {
        try (ProgressLog log = ProgressLog.open(file)) {
            for (Progress progress : oneOfEach()) {
                log.append(seq -> progress);
            }
        }

        assertThat(new ProgressReader(file).poll()).isEqualTo(oneOfEach());
        assertThat(Files.readString(file)).doesNotContain("NaN").hasLineCount(8);
    }

    @Test
    void linesAreNumberedWithoutGapsAcrossReopening() throws Exception {
        for (int i = 0; i < 3; i++) {
            try (ProgressLog log = ProgressLog.open(file)) {
                log.note(Progress.Level.INFO, "one");
                log.note(Progress.Level.INFO, "two");
            }
        }

        assertThat(new ProgressReader(file).poll()).extracting(Progress::seq).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    }

    /** A crash may tear the last line at any byte. */
    @Test
    void aTornLastLineIsNotReadAndIsCutOffWhenTheTrainerComesBack() throws Exception {
        try (ProgressLog log = ProgressLog.open(file)) {
            log.note(Progress.Level.INFO, "whole – with an umlaut: ü");
            log.note(Progress.Level.INFO, "torn – with an umlaut: ü");
        }
        byte[] bytes = Files.readAllBytes(file);
        int firstLine = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf('\n') + 1;

        for (int length = firstLine; length < bytes.length; length++) {
            Files.write(file, java.util.Arrays.copyOf(bytes, length));
            assertThat(new ProgressReader(file).poll()).as("cut at %s", length).hasSize(1);
            try (ProgressLog log = ProgressLog.open(file)) {
                log.note(Progress.Level.INFO, "after");
            }
            assertThat(new ProgressReader(file).poll()).as("cut at %s", length).hasSize(2)
                    .last().extracting(Progress::seq).isEqualTo(2L);
        }
    }

    @Test
    void aReaderThatFollowsSeesEachLineOnceAndNoneHalf() throws Exception {
        var reader = new ProgressReader(file);
        var seen = new ArrayList<Progress>();
        seen.addAll(reader.poll());
        try (ProgressLog log = ProgressLog.open(file)) {
            log.note(Progress.Level.INFO, "one");
            seen.addAll(reader.poll());
            log.note(Progress.Level.INFO, "two");
            log.note(Progress.Level.INFO, "three");
        }
        String last = "{\"seq\":4,\"time\":\"2026-11-20T10:00:00Z\",\"type\":\"cancelled\"}\n";
        Files.writeString(file, last.substring(0, 30), StandardOpenOption.APPEND);
        seen.addAll(reader.poll());
        assertThat(seen).hasSize(3);
        Files.writeString(file, last.substring(30), StandardOpenOption.APPEND);
        seen.addAll(reader.poll());

        assertThat(seen).extracting(Progress::seq).containsExactly(1L, 2L, 3L, 4L);
        assertThat(reader.poll()).isEmpty();
    }

    @Test
    void aLineThatSomeoneChangedByHandIsNotReadAsProgress() throws Exception {
        Files.writeString(file, "{\"seq\":1,\"time\":\"yesterday\",\"type\":\"cancelled\"}\n");

        assertThatThrownBy(() -> new ProgressReader(file).poll()).isInstanceOf(EngineException.class)
                .hasMessageContaining(file.toString());
    }
}
