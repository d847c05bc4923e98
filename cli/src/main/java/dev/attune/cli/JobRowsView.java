package dev.attune.cli;

import dev.attune.engine.EngineException;
import dev.attune.engine.train.JobDirectory;
import dev.attune.engine.train.RowReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The rows of a job that may hurt it, as tables. */
final class JobRowsView {
    private final Screen screen;

    JobRowsView(Screen screen) {
        this.screen = screen;
    }

    /**
     * The job of an ID in a home, or in a directory that is given.
     *
     * @throws CommandException where there is none
     */
    static JobDirectory job(String idOrDirectory, Path home) {
        Path given = Path.of(idOrDirectory);
        Path directory = Files.exists(given.resolve("job.json")) ? given : home.resolve("jobs").resolve(idOrDirectory);
        if (!Files.exists(directory.resolve("job.json"))) {
            throw new CommandException("there is no job " + idOrDirectory + " in " + home.resolve("jobs")
                    + ": give --home the server's folder on the machine where the job ran, or the job's directory");
        }
        try {
            return JobDirectory.open(directory);
        } catch (EngineException e) {
            throw new CommandException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Prints the report of a job. */
    void print(String id, RowReport report) {
        if (report.rows() == 0) {
            screen.line("No losses of rows: those after an epoch are known once the next one is done,"
                    + " and a job with row_losses off has none.");
            return;
        }
        screen.line(id + ": " + Words.count(report.rows()) + " rows, measured after "
                + (report.epochs() == 1 ? "one epoch" : report.epochs() + " epochs")
                + "; loss in nats per trained token");
        screen.line();
        screen.title("Likely wrong answers: hard, though rows that ask much the same are easy");
        suspects(report.suspects());
        screen.line();
        screen.title("Highest loss");
        entries(report.highest());
        if (!report.rising().isEmpty()) {
            screen.line();
            screen.title("Loss that rises again");
            entries(report.rising());
        }
    }

    private void suspects(List<RowReport.Suspect> suspects) {
        if (suspects.isEmpty()) {
            screen.line("  none");
            return;
        }
        var table = new TextTable(">line", ">loss", ">neighbours'", "neighbours", "asked", "answer");
        for (RowReport.Suspect suspect : suspects) {
            double mean = suspect.row().losses().stream().mapToDouble(Double::doubleValue).average().orElse(0);
            table.row(Integer.toString(suspect.row().line()), two(mean), two(suspect.neighboursLoss()),
                    String.join(", ", suspect.neighbours().stream().map(String::valueOf).toList()),
                    Screen.cut(suspect.row().asked(), 40), Screen.cut(suspect.row().answer(), 40));
        }
        table.print(screen);
    }

    private void entries(List<RowReport.Entry> entries) {
        var table = new TextTable(">line", "loss by epoch", ">tokens", "asked", "answer");
        for (RowReport.Entry entry : entries) {
            table.row(Integer.toString(entry.line()), byEpoch(entry.losses()), Integer.toString(entry.tokens()),
                    Screen.cut(entry.asked(), 40), Screen.cut(entry.answer(), 40));
        }
        table.print(screen);
    }

    /** The first loss and the last three: what lies between matters little. */
    private static String byEpoch(List<Double> losses) {
        List<String> all = losses.stream().map(JobRowsView::two).toList();
        return all.size() <= 4
                ? String.join(" ", all)
                : all.getFirst() + " … " + String.join(" ", all.subList(all.size() - 3, all.size()));
    }

    private static String two(double loss) {
        return String.format(Locale.ROOT, "%.2f", loss);
    }
}
