package dev.attune.cli;

import dev.attune.server.operating.HomeBackup;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code attune backup}: a copy of a home, also while a server runs on it. */
@Command(name = "backup", mixinStandardHelpOptions = true, header = "Copies a server's home, also while it runs.", sortOptions = false, description = {
        "Copies files, jobs, tuned models, keys and settings of a home into a new folder.",
        "Base models are not copied: they are folders of their own."}, footer = {"%nExamples:",
                "  attune backup /backups/attune-2026-11-21",
                "  attune restore /backups/attune-2026-11-21 --home ./new"})
final class BackupCommand implements Callable<Integer> {
    @Parameters(paramLabel = "OUT", description = "A folder that does not exist yet, or is empty.")
    Path out = Path.of("");
    @Option(names = "--home", paramLabel = "DIR", defaultValue = "", description = "The server's home (default: $ATTUNE_HOME or ~/.attune).")
    String home = "";

    @Override
    public Integer call() {
        Path from = Folders.home(home);
        HomeBackup.Summary copied = HomeBackup.write(from, out);
        Screen.standardOutput().line("copied " + Words.count(copied.files(), "file") + " and "
                + Words.count(copied.jobs(), "job") + " of " + Folders.shown(from) + " to " + Folders.shown(out));
        return 0;
    }
}
