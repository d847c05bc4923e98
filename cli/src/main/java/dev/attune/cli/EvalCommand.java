package dev.attune.cli;

import dev.attune.workflow.EvalFile;
import dev.attune.workflow.WorkflowException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code attune eval}: a model measured as a file says, and a gate that decides. */
@Command(name = "eval", subcommands = EvalImportCommand.class, mixinStandardHelpOptions = true, header = "Measures a model, compares it with another, and decides.", sortOptions = false, description = {
        "Asks a model the questions of a file, scores the answers, compares them with another model's, and holds the result",
        "against the gate. Works with any OpenAI-compatible server. Answers are kept: started again it goes on, and scoring",
        "again costs nothing. Exit code 0 passed or no gate, 1 refused, 2 could not decide or wrong usage."}, footer = {
                "%nExamples:",
                "  attune eval eval.yaml",
                "  attune eval eval.yaml --model ft:attune-nano:org:tickets:ab12cd34",
                "  attune eval eval.yaml --report out            HTML, JSON, CSV and JUnit XML",
                "  attune eval eval.yaml --format junit > gate.xml",
                "  attune eval import promptfooconfig.yaml --judge gpt-4o",
                "%nA file:", "  evaluate:", "    model: ft:attune-nano:org:tickets:ab12cd34",
                "    against: attune-nano",
                "    data: test.jsonl", "    scorers: [exact, {rouge_l: {threshold: 0.6}}]", "    slices: [channel]",
                "  gate:",
                "    target: { scorer: exact, superior_by: 0 }", "    general: { non_inferior_margin: 0.02 }"})
final class EvalCommand implements Callable<Integer> {
    /** Exit code where nothing can be said. */
    static final int UNDECIDED = 2;

    @Mixin
    ServerOptions server = new ServerOptions();
    @Mixin
    Evaluating evaluating = new Evaluating();
    @Parameters(arity = "0..1", paramLabel = "FILE", description = "A YAML file with evaluate: and gate:; its paths are relative to its own folder.")
    Optional<Path> file = Optional.empty();
    @Option(names = "--model", paramLabel = "NAME", description = "The model that is measured, in place of the file's.")
    Optional<String> model = Optional.empty();
    @Option(names = "--against", paramLabel = "NAME", description = "What it is compared with, in place of the file's.")
    Optional<String> against = Optional.empty();

    @Override
    public Integer call() throws Exception {
        Path named = file.orElseThrow(
                () -> new CommandException("name a FILE to evaluate by; see 'attune eval --help'",
                        CommandException.USAGE));
        try (var client = new ModelsCommand.Closing(server.client())) {
            var models = Evaluating.models(client.open(), server.endpoint().baseUrl());
            var instead = new HashMap<String, String>();
            model.ifPresent(name -> instead.put("model", name));
            against.ifPresent(name -> instead.put("against", name));
            return evaluating.run(EvalFile.read(named, instead, models));
        } catch (WorkflowException e) {
            AttuneCommand.tell(e, false);
            return UNDECIDED;
        }
    }
}
