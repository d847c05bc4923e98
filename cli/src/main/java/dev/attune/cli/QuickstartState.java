package dev.attune.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * Where one quickstart keeps what it does: {@code runs/EXAMPLE} under the home. A file {@code finished} in it names the
 * tuned model; without it the run was interrupted and goes on.
 *
 * @param folder the run's state and its report
 */
record QuickstartState(Path folder) {

    /**
     * The place for a quickstart of an example.
     *
     * @param keep whether earlier finished runs stay: then a new one gets a folder with the next free number
     */
    static QuickstartState of(Path home, String example, boolean keep) {
        Path runs = home.resolve("runs");
        var state = new QuickstartState(runs.resolve(example));
        for (int n = 2; keep && state.finishedModel().isPresent(); n++) {
            state = new QuickstartState(runs.resolve(example + "-" + n));
        }
        return state;
    }

    /** The tuned model of a finished run; empty where the run has not begun or was interrupted. */
    Optional<String> finishedModel() {
        try {
            return Files.isRegularFile(mark()) ? Optional.of(Files.readString(mark()).strip()) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether an interrupted run left something to go on with. */
    boolean isBegun() {
        return Files.isDirectory(folder) && finishedModel().isEmpty();
    }

    /** Writes that the run is finished. */
    void finish(String tunedModel) {
        try {
            Files.writeString(mark(), tunedModel + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the report goes. */
    Path report() {
        return folder.resolve("report.html");
    }

    /** Removes the run's folder, its mark first, so that a half-removed one never looks finished. */
    void remove() {
        try {
            Files.deleteIfExists(mark());
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, java.io.IOException failure)
                        throws IOException {
                    Files.delete(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path mark() {
        return folder.resolve("finished");
    }
}
