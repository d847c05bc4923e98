package dev.attune.server.operating;

import dev.attune.server.files.Contents;
import dev.attune.server.models.BaseModels;
import dev.attune.server.store.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Examines a home and the models beside it, and changes nothing. */
public final class HomeDoctor {
    private static final long LEAST_FREE = 2L << 30;

    private HomeDoctor() {}

    /** One finding for each thing that was looked at. */
    public static List<Finding> examine(Path home, List<Path> modelFolders) {
        Path root = home.toAbsolutePath().normalize();
        var findings = new ArrayList<Finding>();
        findings.add(writable(root));
        findings.add(room(root));
        if (Files.exists(root.resolve("attune.db"))) {
            findings.add(database(root.resolve("attune.db")));
            findings.add(contents(root));
        }
        findings.addAll(models(modelFolders));
        return findings;
    }

    private static Finding writable(Path root) {
        Path at = existing(root);
        return new Finding(Files.isWritable(at), "home", root + (at.equals(root) ? "" : ", to be made"),
                "Choose a folder that this user may write to with --home.");
    }

    private static Finding room(Path root) {
        try {
            long free = Files.getFileStore(existing(root)).getUsableSpace();
            return new Finding(free >= LEAST_FREE, "disk", (free >> 20) + " MB are free",
                    "Free some space: uploads, checkpoints and adapters are written there.");
        } catch (IOException e) {
            return new Finding(false, "disk", "cannot be looked at: " + e.getMessage(), "Choose another home.");
        }
    }

    private static Finding database(Path file) {
        try (Database database = Database.look(file)) {
            String said = database.read(handle -> handle.createQuery("pragma quick_check").mapTo(String.class).list())
                    .getFirst();
            return new Finding(said.equals("ok"), "database", said,
                    "Restore the newest backup with 'attune restore'.");
        } catch (RuntimeException e) {
            return new Finding(false, "database", "cannot be read: " + e.getMessage(), "Restore the newest backup.");
        }
    }

    private static Finding contents(Path root) {
        try (Database database = Database.look(root.resolve("attune.db"))) {
            List<String> missing = database.read(handle -> handle.createQuery("select id, sha256 from files")
                    .map((row, context) -> Files.exists(Contents.path(root.resolve("files"), row.getString("sha256")))
                            ? ""
                            : row.getString("id"))
                    .list()).stream().filter(id -> !id.isEmpty()).toList();
            return new Finding(missing.isEmpty(), "files", missing.isEmpty()
                    ? "all contents are there"
                    : missing.size() + " without content, such as " + missing.getFirst(),
                    "Delete them and upload them again, or restore a backup.");
        }
    }

    private static List<Finding> models(List<Path> folders) {
        List<BaseModels.Base> bases = new BaseModels(folders).all();
        if (bases.isEmpty()) {
            return List.of(new Finding(false, "models", "there is none in " + folders,
                    "Name a folder with base models with --models."));
        }
        return bases.stream().map(base -> new Finding(base.fault().isEmpty(), "model " + base.name(),
                base.fault().isEmpty() ? base.directory().toString() : base.fault(),
                "'attune models check " + base.directory() + "' says more.")).toList();
    }

    private static Path existing(Path folder) {
        Path at = folder;
        while (at.getParent() != null && !Files.exists(at)) {
            at = at.getParent();
        }
        return at;
    }
}
