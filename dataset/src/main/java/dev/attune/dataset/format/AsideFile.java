package dev.attune.dataset.format;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A file that appears whole or not at all: it is written beside its place, synced, and renamed by {@link #commit}. What is
 * closed without that is deleted. Whoever creates one closes it.
 */
final class AsideFile implements Closeable {
    private final Path target;
    private final Path aside;
    private final FileOutputStream file;
    private final OutputStream out;

    private AsideFile(Path target, Path aside, FileOutputStream file) {
        this.target = target;
        this.aside = aside;
        this.file = file;
        this.out = new BufferedOutputStream(file, 1 << 16);
    }

    static AsideFile create(Path target) throws IOException {
        Path whole = target.toAbsolutePath();
        Path folder = whole.getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Path aside = whole.resolveSibling("." + whole.getFileName() + "." + ProcessHandle.current().pid() + "-"
                + Long.toUnsignedString(System.nanoTime(), 36) + ".part");
        return new AsideFile(whole, aside, new FileOutputStream(aside.toFile()));
    }

    OutputStream out() {
        return out;
    }

    /** Puts the file in its place. */
    void commit() throws IOException {
        out.flush();
        file.getFD().sync();
        out.close();
        try {
            Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(aside, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            file.close();
        } finally {
            Files.deleteIfExists(aside);
        }
    }
}
