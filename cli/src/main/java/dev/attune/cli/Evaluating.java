package dev.attune.cli;

import com.openai.client.OpenAIClient;
import dev.attune.evals.decide.EvalCsv;
import dev.attune.evals.decide.EvalHtml;
import dev.attune.evals.decide.EvalJUnit;
import dev.attune.evals.decide.EvalJson;
import dev.attune.evals.decide.EvalReport;
import dev.attune.evals.decide.Evaluator;
import dev.attune.evals.run.Asker;
import dev.attune.evals.run.CallJournal;
import dev.attune.evals.run.ChatModel;
import dev.attune.workflow.EvalFile;
import dev.attune.workflow.OpenAiChatModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** What {@code attune eval} and {@code attune compare} share: where answers are kept, how far it is, and what is written. */
final class Evaluating {
    @Option(names = "--state", paramLabel = "DIR", defaultValue = "", description = "Where answers are kept, so that none is paid for twice (default: .attune/eval beside the data).")
    String state = "";
    @Option(names = "--fresh", description = "Forget kept answers and ask everything anew.")
    boolean fresh;
    @Option(names = "--report", paramLabel = "DIR", description = "Write report.html, report.json, report.csv and report.xml (JUnit) there.")
    Optional<Path> report = Optional.empty();
    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "TEXT", description = "What goes to the terminal: text, json, csv, html or junit (default: text).")
    Format format = Format.TEXT;

    /** How a report is written. */
    enum Format {
        TEXT, JSON, CSV, HTML, JUNIT
    }

    /** A model by its name on a server. */
    static Function<String, ChatModel> models(OpenAIClient client, String baseUrl) {
        return name -> new OpenAiChatModel(client, name, baseUrl);
    }

    /** Evaluates and writes; what comes back is the exit code. */
    int run(EvalFile file) throws InterruptedException, IOException {
        Screen screen = format == Format.TEXT ? Screen.standardOutput() : Screen.plain(System.err);
        Path answers = state.isBlank() ? file.answers() : Path.of(state).resolve("answers.jsonl");
        if (fresh) {
            Files.deleteIfExists(answers);
        }
        try (CallJournal journal = CallJournal.open(answers);
                var asker = new Asker(journal, file.plan().limits(), notice -> {
                    screen.wipe();
                    screen.line("  " + screen.paint(Style.YELLOW, Words.oneLine(notice)));
                })) {
            estimate(screen, file, journal);
            EvalReport found = file.evaluate(asker, (what, done, all) -> screen.update(
                    "  " + Bar.draw(screen, (double) done / Math.max(1, all), 40) + " " + Words.count(done) + "/"
                            + Words.count(all) + " " + what));
            screen.wipe();
            write(found, screen);
            if (format == Format.TEXT) {
                screen.line("  " + screen.paint(Style.DIM,
                        Evaluator.spent(asker) + "; answers are kept in " + Folders.shown(answers)));
            }
            return exitCode(found);
        }
    }

    private static void estimate(Screen screen, EvalFile file, CallJournal journal) {
        long calls = Evaluator.calls(file.plan(), file.questions().questions().size());
        double usd = Evaluator.usd(file.plan(), file.questions());
        screen.line("Up to " + Words.count(calls, "request")
                + (usd >= 0 ? String.format(Locale.ROOT, ", at most about %.2f dollars for the answers", usd) : "")
                + (journal.size() > 0 ? "; " + Words.count(journal.size(), "answer") + " of earlier runs are kept" : "")
                + ".");
    }

    private void write(EvalReport found, Screen screen) throws IOException {
        switch (format) {
            case TEXT -> new EvalView(screen).print(found);
            case JSON -> System.out.print(EvalJson.of(found));
            case CSV -> System.out.print(EvalCsv.of(found));
            case HTML -> System.out.print(EvalHtml.of(found));
            case JUNIT -> System.out.print(EvalJUnit.of(found));
        }
        if (report.isPresent()) {
            Files.createDirectories(report.get());
            Files.writeString(report.get().resolve("report.html"), EvalHtml.of(found));
            Files.writeString(report.get().resolve("report.json"), EvalJson.of(found));
            Files.writeString(report.get().resolve("report.csv"), EvalCsv.of(found));
            Files.writeString(report.get().resolve("report.xml"), EvalJUnit.of(found));
            screen.line("  Report: " + Folders.shown(report.get().resolve("report.html")));
        }
    }

    /** The gate's; without a gate 0, or 2 where nothing could be scored. */
    private static int exitCode(EvalReport found) {
        boolean nothing = found.headline().counts().scored() == 0;
        return found.decision().checks().isEmpty() && nothing ? 2 : found.decision().verdict().exitCode();
    }
}
