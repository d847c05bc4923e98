package dev.attune.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a start does with what the server before it left. */
class HomeTest {
    @TempDir
    Path root;

    @Test
    void whatWasOnItsWayInIsRemoved_foldersToo() throws Exception {
        Home.open(root).close();
        Path half = Files.createDirectories(root.resolve("incoming/check123/out"));
        Files.writeString(half.resolve("file.jsonl"), "{}\n");
        Files.writeString(root.resolve("incoming/in-abc"), "half");
        try (Home home = Home.open(root); var left = Files.list(home.incoming())) {
            assertThat(left).isEmpty();
        }
    }
}
