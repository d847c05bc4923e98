package dev.attune.server.models;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The base models in some folders: each child directory with a {@code config.json}, under its own name. Looked up anew
 * each time, so that a model that is copied in is there at once. Thread-safe.
 */
public final class BaseModels {
    private final List<Path> folders;

    public BaseModels(List<Path> folders) {
        this.folders = folders.stream().map(folder -> folder.toAbsolutePath().normalize()).toList();
    }

    /**
     * A base model.
     *
     * @param created when its configuration was written, in seconds since 1970
     */
    public record Base(String name, Path directory, long created) {
        /** What is wrong with it, as one sentence; empty where it can be used. */
        public String fault() {
            try (DirectoryStream<Path> weights = Files.newDirectoryStream(directory, "*.safetensors")) {
                if (!weights.iterator().hasNext()) {
                    return "The model '" + name + "' has no weights: there is no .safetensors file in " + directory
                            + "; copy its weights there.";
                }
                return "";
            } catch (IOException e) {
                return "The model '" + name + "' cannot be read from " + directory + ": " + e.getMessage() + ".";
            }
        }
    }

    Optional<Base> find(String name) {
        return all().stream().filter(base -> base.name().equals(name)).findFirst();
    }

    /** The name of the model that comes with Attune where it is there, else of the first one, else of none. */
    public String first() {
        List<Base> all = all();
        return all.stream().map(Base::name).filter("attune-nano"::equals).findFirst()
                .orElse(all.isEmpty() ? "attune-nano" : all.getFirst().name());
    }

    /** By name; where two folders hold the same name, the first folder's. */
    public List<Base> all() {
        var found = new TreeMap<String, Base>();
        var seen = new HashSet<String>();
        for (Path folder : folders) {
            for (Path child : children(folder)) {
                String name = child.getFileName().toString();
                if (name.matches("[A-Za-z0-9._-]+") && seen.add(name)) {
                    found.put(name, new Base(name, child, created(child.resolve("config.json"))));
                }
            }
        }
        return List.copyOf(found.values());
    }

    private static List<Path> children(Path folder) {
        var models = new ArrayList<Path>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> children = Files.newDirectoryStream(folder,
                    child -> Files.isRegularFile(child.resolve("config.json")))) {
                children.forEach(models::add);
            } catch (IOException e) {
                return models;
            }
        }
        return models;
    }

    private static long created(Path config) {
        try {
            return Files.getLastModifiedTime(config).toInstant().getEpochSecond();
        } catch (IOException e) {
            return 0;
        }
    }
}
