package dev.attune.dataset.prepare;

import dev.attune.dataset.DatasetException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;

/**
 * A folder in the making: everything is written into a folder beside it and moved when all is there. Closing removes what is
 * left. Not thread-safe.
 */
final class OutputFolder implements AutoCloseable {
    private final Path folder;
    private final Path aside;
    private final Path scratch;

    private OutputFolder(Path folder, Path aside, Path scratch) {
        this.folder = folder;
        this.aside = aside;
        this.scratch = scratch;
    }

    /**
     * Begins.
     *
     * @throws DatasetException where there is something in the way
     */
    static OutputFolder open(Path folder, boolean overwrites) throws IOException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new DatasetException(folder + " is a file; give --out a folder");
        }
        if (Files.isDirectory(folder) && !overwrites) {
            try (var children = Files.list(folder)) {
                if (children.findAny().isPresent()) {
                    throw new DatasetException(
                            folder + " is not empty; choose another folder, or write over what is in it with --force");
                }
            }
        }
        Path absolute = folder.toAbsolutePath().normalize();
        Path parent = absolute.getParent() == null ? absolute : absolute.getParent();
        Files.createDirectories(parent);
        Path aside = Files.createTempDirectory(parent, "." + absolute.getFileName() + "-");
        return new OutputFolder(folder, aside, Files.createDirectory(aside.resolve("scratch")));
    }

    /** Where a file can lie while it is needed. */
    Path scratch(String name) {
        return scratch.resolve(name);
    }

    /** Where a file is written that is to be in the folder. */
    Path part(String name) {
        return aside.resolve(name);
    }

    /** Where it will lie. */
    Path path(String name) {
        return folder.resolve(name);
    }

    void write(String name, String content) throws IOException {
        Files.writeString(part(name), content, StandardCharsets.UTF_8);
    }

    /** Moves a scratch file among those that stay; says where it will lie. */
    Path keep(Path scratchFile, String name) throws IOException {
        Files.move(scratchFile, part(name));
        return path(name);
    }

    /** Moves everything into place. */
    void commit() throws IOException {
        Files.createDirectories(folder);
        List<Path> files;
        try (var children = Files.list(aside)) {
            files = children.filter(Files::isRegularFile).sorted().toList();
        }
        for (Path file : files) {
            Files.move(file, folder.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    @Override
    public void close() throws IOException {
        try (var all = Files.walk(aside)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
