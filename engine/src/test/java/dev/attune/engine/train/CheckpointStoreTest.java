package dev.attune.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.engine.DurableFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointStoreTest {
    private static final StepMetrics METRICS = new StepMetrics(1, 0.5, 0.75, Double.NaN, Double.NaN, 1, 0.5);

    @TempDir
    Path folder;
    private CheckpointStore store;

    @BeforeEach
    void open() {
        store = new CheckpointStore(folder);
    }

    private Checkpoint save(int step, boolean epochEnd) throws Exception {
        var state = new TrainingState(step, step / 10, step % 10, step / 10, epochEnd, 7, 2);
        return store.save(state, METRICS, directory -> {
            Files.createDirectories(directory.resolve("adapter"));
            Files.writeString(directory.resolve("adapter/weights"), "weights of step " + step);
        });
    }

    private List<Integer> steps() {
        return store.complete().stream().map(Checkpoint::step).toList();
    }

    @Test
    void whatWasSavedIsReadBack() throws Exception {
        Checkpoint saved = save(10, true);

        assertThat(saved.directory()).isEqualTo(folder.resolve("step-000010"));
        assertThat(store.complete()).containsExactly(saved);
        assertThat(store.state(saved)).isEqualTo(new TrainingState(10, 1, 0, 1, true, 7, 2));
        assertThat(saved.adapter().resolve("weights")).hasContent("weights of step 10");
    }

    @Test
    void theLastThreeEpochsAreKeptAndOfTheOthersTheNewestOnly() throws Exception {
        for (int step : new int[]{10, 14, 20, 30, 33, 36}) {
            save(step, step % 10 == 0);
        }
        assertThat(steps()).containsExactly(10, 20, 30, 36);

        save(40, true);
        assertThat(steps()).containsExactly(20, 30, 40);
    }

    @Test
    void aCheckpointCutOffInTheMidstOfWritingIsNoCheckpoint() throws Exception {
        save(10, true);
        Path aside = Files.createDirectory(folder.resolve("step-000020" + DurableFiles.PARTIAL));
        Files.writeString(aside.resolve("state.json"), Files.readString(folder.resolve("step-000010/state.json")));

        assertThat(steps()).containsExactly(10);
        save(20, true);
        assertThat(steps()).containsExactly(10, 20);
        assertThat(aside).doesNotExist();
    }

    @Test
    void aDamagedCheckpointIsPassedOverForTheOneBefore() throws Exception {
        save(10, true);
        Checkpoint damaged = save(20, true);
        for (Path file : List.of(damaged.adapter().resolve("weights"), damaged.directory().resolve("state.json"))) {
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length / 2] ^= 1;
            Files.write(file, bytes);

            var skipped = new ArrayList<Path>();
            assertThat(store.newestIntact(skipped::add)).map(Checkpoint::step).contains(10);
            assertThat(skipped).containsExactly(damaged.directory());
            bytes[bytes.length / 2] ^= 1;
            Files.write(file, bytes);
        }
        Files.delete(damaged.adapter().resolve("weights"));
        assertThat(store.newestIntact(path -> {})).map(Checkpoint::step).contains(10);
    }

    @Test
    void whatKilledTrainersLeftIsSweptAway() throws Exception {
        save(10, true);
        Files.createDirectories(folder.resolve("step-000020" + DurableFiles.PARTIAL).resolve("adapter"));
        Files.createDirectories(folder.resolve("step-000005.old" + DurableFiles.PARTIAL));

        store.sweep();

        try (var left = Files.list(folder)) {
            assertThat(left).containsExactly(folder.resolve("step-000010"));
        }
    }

    @Test
    void aStepSavedTwiceIsThereOnce() throws Exception {
        save(10, false);
        save(10, true);

        assertThat(store.complete()).singleElement().extracting(Checkpoint::epochEnd).isEqualTo(true);
    }
}
