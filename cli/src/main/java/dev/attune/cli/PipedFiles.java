package dev.attune.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Files that can be read more than once: what comes through a pipe, as {@code -}, {@code /dev/stdin} or {@code <(…)}, is written to
 * a temporary file, which goes when this is closed. Not thread-safe.
 */
final class PipedFiles implements AutoCloseable {
    private static final Path STANDARD_INPUT = Path.of("-");

    private final Optional<Path> parent;
    private final List<Path> made = new ArrayList<>();

    /** @param parent where temporary files go; where the system has them, if empty */
    PipedFiles(Optional<Path> parent) {
        this.parent = parent;
    }

    /** The files, each pipe among them by its temporary file. */
    List<Path> of(List<Path> named) {
        return named.stream().map(this::of).toList();
    }

    private Path of(Path named) {
        boolean piped = named.equals(STANDARD_INPUT) && !Files.exists(named)
                || Files.exists(named) && !Files.isRegularFile(named) && !Files.isDirectory(named);
        if (!piped) {
            return named;
        }
        try (InputStream in = named.equals(STANDARD_INPUT) ? System.in : Files.newInputStream(named)) {
            Path folder = parent.isPresent()
                    ? Files.createTempDirectory(parent.get(), "attune-")
                    : Files.createTempDirectory("attune-");
            made.add(folder);
            Path file = folder.resolve(named.equals(STANDARD_INPUT) ? "stdin" : named.getFileName().toString());
            made.add(file);
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            for (Path file : made.reversed()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
