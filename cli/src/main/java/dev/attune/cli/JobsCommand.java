package dev.attune.cli;

import dev.attune.engine.train.RowReport;
import dev.attune.workflow.FineTuning;
import dev.attune.workflow.JobEvent;
import dev.attune.workflow.TuningJob;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code attune jobs}: what is being tuned, how far it is, and how it ended. */
@Command(name = "jobs", mixinStandardHelpOptions = true, header = "Lists, shows, watches and cancels fine-tuning jobs.", description = "Lists, shows, watches and cancels fine-tuning jobs.", footer = {
        "%nExamples:", "  attune jobs list",
        "  attune jobs watch ftjob-abc123     follow it to its end; exit code 1 if it fails",
        "  attune jobs events ftjob-abc123    every event, oldest first", "  attune jobs cancel ftjob-abc123",
        "  attune jobs rows ftjob-abc123      rows with a high or rising loss, and likely wrong answers"})
final class JobsCommand implements Runnable {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss")
            .withZone(ZoneId.systemDefault());

    @CommandLine.Spec
    CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(),
                "say what to do: list, show, watch, cancel, events or rows");
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists jobs, the newest first.")
    int list(@Mixin ServerOptions server,
            @Option(names = "--limit", paramLabel = "N", defaultValue = "20", description = "At most so many (default: 20).") int limit) {
        Screen screen = Screen.standardOutput();
        try (var client = new ModelsCommand.Closing(server.client())) {
            List<TuningJob> jobs = new FineTuning(client.open()).list(Math.max(1, limit));
            if (jobs.isEmpty()) {
                screen.line("No jobs yet: start one with 'attune tune --train FILE --model MODEL --watch'.");
                return 0;
            }
            var table = new TextTable("job", "status", "model", "tuned model", "created", ">took");
            for (TuningJob job : jobs) {
                table.row(job.id(), JobView.status(screen, job.status()), job.model(), orDash(job.tunedModel()),
                        TIME.format(job.createdAt()), took(job));
            }
            table.print(screen);
        }
        return 0;
    }

    @Command(name = "show", mixinStandardHelpOptions = true, description = "Shows one job.")
    int show(@Mixin ServerOptions server, @Parameters(paramLabel = "ID") String id) {
        Screen screen = Screen.standardOutput();
        try (var client = new ModelsCommand.Closing(server.client())) {
            TuningJob job = new FineTuning(client.open()).show(id);
            var table = new TextTable("", "");
            table.row("job", job.id()).row("status", JobView.status(screen, job.status())).row("model", job.model())
                    .row("tuned model", orDash(job.tunedModel())).row("training file", job.trainingFile())
                    .row("validation file", orDash(job.validationFile()));
            new TreeMap<>(job.hyperparameters()).forEach(table::row);
            table.row("seed", job.seed() < 0 ? "–" : Long.toString(job.seed()))
                    .row("trained tokens", job.trainedTokens() < 0 ? "–" : Words.count(job.trainedTokens()))
                    .row("result files", orDash(String.join(", ", job.resultFiles())))
                    .row("created", TIME.format(job.createdAt()))
                    .row("took", took(job));
            if (!job.errorMessage().isEmpty()) {
                table.row("error", screen.paint(Style.RED, job.errorMessage()));
            }
            table.print(screen);
        }
        return 0;
    }

    @Command(name = "events", mixinStandardHelpOptions = true, description = "Prints every event of a job, oldest first.")
    int events(@Mixin ServerOptions server, @Parameters(paramLabel = "ID") String id) {
        Screen screen = Screen.standardOutput();
        try (var client = new ModelsCommand.Closing(server.client())) {
            for (JobEvent event : new FineTuning(client.open()).events(id)) {
                String line = switch (event) {
                    case JobEvent.Message e -> TIME.format(e.at()) + "  "
                            + (e.level().equals("error") ? screen.paint(Style.RED, e.text()) : e.text());
                    case JobEvent.Metrics e -> TIME.format(e.at()) + "  " + e.text();
                    case JobEvent.Checkpoint e -> TIME.format(e.at()) + "  " + screen.paint(Style.CYAN, e.text());
                    case JobEvent.StatusChanged e -> "status " + e.job().status();
                    case JobEvent.ConnectionLost e -> e.reason();
                    case JobEvent.Finished e -> "finished " + e.job().status();
                };
                screen.line(line);
            }
        }
        return 0;
    }

    @Command(name = "watch", mixinStandardHelpOptions = true, description = "Follows a job to its end.")
    int watch(@Mixin ServerOptions server, @Parameters(paramLabel = "ID") String id) throws InterruptedException {
        Screen screen = Screen.standardOutput();
        try (var client = new ModelsCommand.Closing(server.client())) {
            return JobView.follow(screen, new FineTuning(client.open()), id, server);
        }
    }

    @Command(name = "cancel", mixinStandardHelpOptions = true, description = "Cancels a job between two steps.")
    int cancel(@Mixin ServerOptions server, @Parameters(paramLabel = "ID") String id) {
        Screen screen = Screen.standardOutput();
        try (var client = new ModelsCommand.Closing(server.client())) {
            TuningJob job = new FineTuning(client.open()).cancel(id);
            screen.line("job " + id + ": " + job.status());
        }
        return 0;
    }

    @Command(name = "rows", mixinStandardHelpOptions = true, description = "Names the training rows that may hurt: highest loss, rising loss, likely wrong answers.")
    int rows(
            @Option(names = "--home", paramLabel = "DIR", defaultValue = "", description = "The server's folder, on the machine where the job ran (default: $ATTUNE_HOME or ~/.attune).") String home,
            @Option(names = "--limit", paramLabel = "N", defaultValue = "10", description = "At most so many of each (default: 10).") int limit,
            @Parameters(paramLabel = "ID", description = "The job's ID, or its directory.") String id) {
        RowReport report = RowReport.of(JobRowsView.job(id, Folders.home(home)), Math.max(1, limit));
        new JobRowsView(Screen.standardOutput()).print(id, report);
        return 0;
    }

    private static String took(TuningJob job) {
        if (job.finishedAt().equals(Instant.EPOCH)) {
            return job.isTerminal() ? "–" : Words.duration(Duration.between(job.createdAt(), Instant.now()));
        }
        return Words.duration(Duration.between(job.createdAt(), job.finishedAt()));
    }

    private static String orDash(String text) {
        return text.isEmpty() ? "–" : text;
    }
}
