package dev.attune.engine.export;

import dev.attune.engine.DurableFiles;
import dev.attune.engine.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writing beside the place where something is to be, so that it is there whole or not at all. */
final class Staging {
    private Staging() {}

    /** Writes a directory and looks at it. */
    interface Work {
        void write(Path aside) throws IOException;
    }

    /**
     * Makes a new directory.
     *
     * @param bytes about how much room it takes
     * @throws EngineException where it exists, the disk is full, or the work fails; nothing of it is left then
     */
    static void directory(Path target, long bytes, Work work) {
        if (Files.exists(target)) {
            throw new EngineException(target + " exists already; give --out a new folder.");
        }
        Path aside = target.resolveSibling(target.getFileName() + DurableFiles.PARTIAL);
        run(target, aside, bytes, () -> {
            DurableFiles.deleteTree(aside);
            Files.createDirectories(aside);
            work.write(aside);
            DurableFiles.publishTree(aside, target);
        });
    }

    /** Makes a new file in a directory that is made where it is absent; as {@link #directory}. */
    static void file(Path target, long bytes, Work work) {
        if (Files.exists(target)) {
            throw new EngineException(target + " exists already; give --out another folder, or remove it.");
        }
        Path aside = target.resolveSibling(target.getFileName() + DurableFiles.PARTIAL);
        run(target, aside, bytes, () -> {
            Files.createDirectories(parent(target));
            work.write(aside);
            DurableFiles.publishTree(aside, target);
        });
    }

    /** A piece of work with files. */
    private interface Steps {
        void run() throws IOException;
    }

    private static void run(Path target, Path aside, long bytes, Steps steps) {
        try {
            Path there = parent(target);
            while (!Files.isDirectory(there)) {
                if (Files.exists(there)) {
                    throw new EngineException(there + " is not a folder; give --out a folder, existing or new.");
                }
                there = parent(there);
            }
            long room = Files.getFileStore(there).getUsableSpace();
            if (room < bytes) {
                throw full(target, bytes, room);
            }
            steps.run();
        } catch (IOException e) {
            remove(aside);
            throw DurableFiles.isDiskFull(e)
                    ? new EngineException("The disk became full while " + target
                            + " was written; make room, or give --out a folder on another disk.", e)
                    : new EngineException(target + " cannot be written: " + e.getMessage()
                            + "; give --out a folder that this user may write to.", e);
        } catch (RuntimeException e) {
            remove(aside);
            throw e;
        }
    }

    private static EngineException full(Path target, long bytes, long room) {
        return new EngineException("The disk has no room for " + target + ": it takes " + (bytes >> 20) + " MiB, and "
                + (room >> 20) + " MiB are free; make room, or give --out a folder on another disk.");
    }

    private static Path parent(Path path) {
        Path parent = path.toAbsolutePath().normalize().getParent();
        return parent == null ? path.toAbsolutePath().getRoot() : parent;
    }

    private static void remove(Path aside) {
        try {
            DurableFiles.deleteTree(aside);
        } catch (IOException e) {
            // What is left carries a name that marks it as incomplete.
        }
    }
}
