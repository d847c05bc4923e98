package dev.attune.cli;

import dev.attune.dataset.ShellWord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where things lie: the installation that the launcher names, the person's home for Attune, the base models. */
final class Folders {
    private Folders() {}

    /** The folder of the launcher, with {@code examples} and {@code models}; the working folder without a launcher. */
    static Path installation() {
        return Path.of(System.getProperty("attune.root", "")).toAbsolutePath().normalize();
    }

    /** {@code --home}, else {@code ATTUNE_HOME}, else {@code ~/.attune}. */
    static Path home(String option) {
        String named = option.isBlank() ? System.getenv().getOrDefault("ATTUNE_HOME", "") : option;
        Path home = named.isBlank() ? Path.of(System.getProperty("user.home"), ".attune") : Path.of(named);
        Path absolute = home.toAbsolutePath().normalize();
        if (Files.exists(absolute) && !Files.isDirectory(absolute)) {
            throw new CommandException(absolute + " is not a folder: give --home a folder, existing or new");
        }
        return absolute;
    }

    /**
     * The folders whose children are base models: those named, then {@code home/models}, then the bundled ones.
     *
     * @throws CommandException where a named one does not exist
     */
    static List<Path> models(List<Path> named, Path home) {
        var folders = new ArrayList<Path>();
        for (Path folder : named) {
            Path absolute = folder.toAbsolutePath().normalize();
            if (!Files.isDirectory(absolute)) {
                throw new CommandException(
                        absolute + " is not a folder: give --models a folder whose subfolders are base models");
            }
            folders.add(absolute);
        }
        folders.add(home.resolve("models"));
        folders.add(installation().resolve("models"));
        return List.copyOf(folders);
    }

    /** A path as a person would type it here: relative to the working folder where that is shorter. */
    static String shown(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        Path here = Path.of("").toAbsolutePath();
        Path relative = absolute.startsWith(here) ? here.relativize(absolute) : absolute;
        String text = relative.toString().isEmpty() ? "." : relative.toString();
        return ShellWord.of(text);
    }
}
