package dev.attune.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** The base models that lie in folders of this machine, found by name or given as a path. */
final class BaseModels {
    private BaseModels() {}

    /** The directory of a model that is named, or whose path is given; empty where there is none. */
    static Optional<Path> find(String model, List<Path> folders) {
        if (model.contains("/") || model.equals(".") || model.equals("..")) {
            Path directory = Path.of(model);
            return Files.isDirectory(directory) ? Optional.of(directory) : Optional.empty();
        }
        return folders.stream().map(folder -> folder.resolve(model)).filter(BaseModels::isModel).findFirst();
    }

    /** What to say where there is no such model. */
    static CommandException unknown(String model, List<Path> folders) {
        var names = new TreeSet<String>();
        for (Path folder : folders) {
            if (Files.isDirectory(folder)) {
                try (var children = Files.list(folder)) {
                    children.filter(BaseModels::isModel)
                            .forEach(child -> names.add(String.valueOf(child.getFileName())));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        return new CommandException("there is no base model '" + model + "' here"
                + (names.isEmpty()
                        ? ""
                        : " (there " + (names.size() == 1 ? "is " : "are ") + String.join(", ", names) + ")")
                + ": give one of these names or the path of a folder in Hugging Face layout");
    }

    private static boolean isModel(Path directory) {
        return Files.isRegularFile(directory.resolve("config.json"));
    }
}
