package dev.attune.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.attune.engine.model.Golden;
import dev.attune.engine.model.GoldenChecks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Models that somebody else made, of any seed and shape: {@code -Dattune.golden=DIR} names a folder of folders, each laid
 * out like those of {@code golden/}, which say in {@code make_variants.py} how the numbers come about.
 */
class OtherModelsTest {
    private static final String GIVEN = System.getProperty("attune.golden", "");

    @TempDir
    Path scratch;

    @Test
    void aFolderIsGivenWhereOtherModelsAreToBeTried() {
        assumeTrue(!GIVEN.isEmpty(), "No other models are tried; -Dattune.golden=DIR names a folder of them.");
        assertThat(folders()).as("models in %s", GIVEN).isNotEmpty();
    }

    @TestFactory
    Stream<DynamicTest> everyNumberIsThatOfTransformersAndPeft() {
        return folders().stream().map(folder -> DynamicTest.dynamicTest(folder.getFileName().toString(), () -> {
            try (Golden golden = Golden.open(folder)) {
                GoldenChecks.logitsAndLoss(golden);
                GoldenChecks.adapterStep(golden, Files.createTempDirectory(scratch, "adapter"));
                GoldenChecks.decodingWithCache(golden);
                GoldenChecks.fullGradients(golden);
            }
        }));
    }

    private static List<Path> folders() {
        if (GIVEN.isEmpty()) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(Path.of(GIVEN))) {
            return files.filter(file -> Files.exists(file.resolve("golden.safetensors"))).sorted().toList();
        } catch (IOException e) {
            throw new IllegalStateException(GIVEN + " cannot be listed", e);
        }
    }
}
