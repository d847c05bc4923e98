package dev.attune.cli;

import dev.attune.server.operating.HomeBackup;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code attune restore}: a home out of a backup. */
@Command(name = "restore", mixinStandardHelpOptions = true, header = "Makes a server's home out of a backup.", sortOptions = false, description = "Makes a new home out of a backup. A home that holds something already is left alone.", footer = {
        "%nExamples:", "  attune restore /backups/attune-2026-11-21 --home ./restored",
        "  attune serve --home ./restored"})
final class RestoreCommand implements Callable<Integer> {
    @Parameters(paramLabel = "BACKUP", description = "What 'attune backup' has made.")
    Path backup = Path.of("");
    @Option(names = "--home", paramLabel = "DIR", defaultValue = "", description = "The new home (default: $ATTUNE_HOME or ~/.attune).")
    String home = "";

    @Override
    public Integer call() {
        Path to = Folders.home(home);
        HomeBackup.Summary copied = HomeBackup.restore(backup, to);
        Screen.standardOutput().line("restored " + Words.count(copied.files(), "file") + " and "
                + Words.count(copied.jobs(), "job") + " to " + Folders.shown(to));
        return 0;
    }
}
