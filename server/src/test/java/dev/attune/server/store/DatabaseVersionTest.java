package dev.attune.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A version that stays while nothing is written, and changes with each commit of this or another process's connection. */
class DatabaseVersionTest {
    @TempDir
    Path folder;

    @Test
    void theVersionChangesWithEachCommit_ownOrForeign_andStaysOtherwise() {
        try (Database here = Database.open(folder.resolve("a.db"));
                Database there = Database.open(folder.resolve("a.db"))) {
            long first = here.version();
            here.read(handle -> handle.createQuery("select count(*) from jobs").mapTo(Integer.class).one());
            assertThat(here.version()).isEqualTo(first);
            here.write(handle -> handle.execute("create table one (x)"));
            long own = here.version();
            assertThat(own).isNotEqualTo(first);
            there.write(handle -> handle.execute("create table two (x)"));
            assertThat(here.version()).isNotEqualTo(own);
        }
    }
}
