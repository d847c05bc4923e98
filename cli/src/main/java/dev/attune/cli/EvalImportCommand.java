package dev.attune.cli;

import dev.attune.evals.convert.Imported;
import dev.attune.workflow.EvalImport;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code attune eval import}: evaluations of OpenAI and promptfoo, carried over. */
@Command(name = "import", mixinStandardHelpOptions = true, header = "Carries an evaluation of OpenAI or promptfoo over.", sortOptions = false, description = {
        "Reads OpenAI's evals and graders (JSON), promptfoo's configuration (YAML) or its tests (CSV), writes eval.yaml and",
        "questions.jsonl, and says what could not be carried over. Exit code 0 all came over, 1 something did not."}, footer = {
                "%nExamples:", "  attune eval import grader.json --out imported",
                "  attune eval import promptfooconfig.yaml --judge gpt-4o",
                "  attune eval import tests.csv --prompt \"Translate: {{text}}\""})
final class EvalImportCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The evaluation to carry over.")
    Path file = Path.of("");
    @Option(names = "--out", paramLabel = "DIR", defaultValue = "imported", description = "Where to write (default: ${DEFAULT-VALUE}).")
    Path out = Path.of("imported");
    @Option(names = "--judge", paramLabel = "MODEL", defaultValue = "", description = "The model that judges.")
    String judge = "";
    @Option(names = "--prompt", paramLabel = "TEXT", defaultValue = "", description = "The prompt of a CSV, with {{column}} where a column goes.")
    String prompt = "";

    @Override
    public Integer call() {
        TuneCommand.requireFile(file);
        Imported imported = EvalImport.read(file, judge, prompt);
        EvalImport.write(imported, out);
        Screen screen = Screen.standardOutput();
        screen.line("Wrote " + Folders.shown(out.resolve("eval.yaml"))
                + (imported.rows().isEmpty() ? "" : " and " + Words.count(imported.rows().size(), "question"))
                + "; put your model's name into it.");
        imported.notes().forEach(note -> screen.line("  " + Words.oneLine(note)));
        imported.leftOut().forEach(
                left -> screen.line("  " + screen.paint(Style.YELLOW, "not carried over: " + Words.oneLine(left))));
        return imported.leftOut().isEmpty() ? 0 : CommandException.FAILED;
    }
}
