package dev.attune.server.operating;

import dev.attune.server.files.Contents;
import dev.attune.server.protocol.Json;
import dev.attune.server.store.Database;
import dev.attune.server.store.ServerException;
import dev.attune.server.store.Times;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Copies of homes. A copy can be made while a server runs: first the database as it is at one moment (SQLite's
 * {@code vacuum into}), then the contents and job directories that it names, which are never changed once they are named.
 * What is deleted meanwhile is deleted in the copy too.
 */
public final class HomeBackup {
    private static final String NOTE = "backup.json";
    private static final List<String> FOLDERS = List.of("files", "jobs", "uploads");

    private HomeBackup() {}

    /** How much was copied. */
    public record Summary(int files, int jobs) {}

    /**
     * Copies a home.
     *
     * @param out does not exist yet, or is empty
     * @throws ServerException where there is nothing to copy, or it cannot be written
     */
    public static Summary write(Path home, Path out) {
        Path from = home.toAbsolutePath().normalize();
        Path to = out.toAbsolutePath().normalize();
        if (!Files.isRegularFile(from.resolve("attune.db"))) {
            throw new ServerException("There is no database in " + from + "; name the home of a server with --home.");
        }
        if (to.startsWith(from)) {
            throw new ServerException("The backup " + to + " would stand inside the home; choose another place.");
        }
        try {
            requireEmpty(to);
            try (Database database = Database.open(from.resolve("attune.db"))) {
                database.copyTo(to.resolve("attune.db"));
            }
            for (String folder : FOLDERS) {
                copy(from.resolve(folder), to.resolve(folder));
            }
            if (Files.exists(from.resolve("attune.yaml"))) {
                Files.copy(from.resolve("attune.yaml"), to.resolve("attune.yaml"));
            }
            Summary summary = settle(to);
            Files.writeString(to.resolve(NOTE), Json.object().put("home", from.toString())
                    .put("created_at", Times.nowSeconds()).toString());
            return summary;
        } catch (IOException e) {
            throw new ServerException("The backup could not be written to " + to + ": " + e.getMessage()
                    + "; it is not complete, remove it.", e);
        }
    }

    /**
     * Makes a home out of a copy.
     *
     * @param home does not exist yet, or is empty
     * @throws ServerException where the copy is none, or the home holds something
     */
    public static Summary restore(Path backup, Path home) {
        Path from = backup.toAbsolutePath().normalize();
        Path to = home.toAbsolutePath().normalize();
        try {
            if (!Files.isRegularFile(from.resolve(NOTE)) || !Files.isRegularFile(from.resolve("attune.db"))) {
                throw new ServerException(from + " is not a whole backup: it has no " + NOTE + " and attune.db.");
            }
            JsonNode note = Json.tree(Files.readString(from.resolve(NOTE)));
            requireEmpty(to);
            copy(from, to);
            Files.delete(to.resolve(NOTE));
            try (Database database = Database.open(to.resolve("attune.db"))) {
                // Adapters are named by their whole path, which begins with the old home.
                String old = note.path("home").asString() + "/";
                database.write(handle -> handle.execute("update models set adapter = ? || substr(adapter, ?) where"
                        + " substr(adapter, 1, ?) = ?", to + "/", old.length() + 1, old.length(), old));
            }
            return settle(to);
        } catch (IOException e) {
            throw new ServerException("The backup " + from + " could not be restored to " + to + ": " + e.getMessage()
                    + ".", e);
        }
    }

    /** Takes out of a copy's database the files whose content was deleted while it was made. */
    private static Summary settle(Path root) {
        try (Database database = Database.open(root.resolve("attune.db"))) {
            return database.write(handle -> {
                record Row(String id, String sha256) {}
                int files = 0;
                for (Row row : handle.createQuery("select id, sha256 from files")
                        .map((at, context) -> new Row(at.getString("id"), at.getString("sha256"))).list()) {
                    if (Files.exists(Contents.path(root.resolve("files"), row.sha256()))) {
                        files++;
                    } else {
                        handle.execute("delete from files where id = ?", row.id());
                    }
                }
                return new Summary(files,
                        handle.createQuery("select count(*) from jobs").mapTo(Integer.class).one());
            });
        }
    }

    private static void requireEmpty(Path folder) throws IOException {
        Files.createDirectories(folder);
        try (var inside = Files.newDirectoryStream(folder)) {
            if (inside.iterator().hasNext()) {
                throw new ServerException(folder + " is not empty; choose a new folder.");
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        if (!Files.isDirectory(from)) {
            return;
        }
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                Files.createDirectories(to.resolve(from.relativize(folder)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                try {
                    Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.REPLACE_EXISTING);
                } catch (NoSuchFileException e) {
                    // Deleted by the server meanwhile.
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }
        });
    }
}
