package dev.attune.cli;

import com.openai.client.OpenAIClient;
import dev.attune.workflow.Endpoint;
import dev.attune.workflow.Provider;
import dev.attune.workflow.Recipe;
import dev.attune.workflow.RecipeCheck;
import dev.attune.workflow.RecipeRun;
import dev.attune.workflow.RunResult;
import dev.attune.workflow.WorkflowException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code attune run}: a recipe from data to report, on the server of the environment or one of its own. */
@Command(name = "run", mixinStandardHelpOptions = true, header = "A recipe from data to report: check, split, tune, measure.", sortOptions = false, description = {
        "Does what a recipe says: check, split, upload, tune, ask base and tuned model, report. Started again, it goes on",
        "where it stopped, and does again only what changed. With provider: attune and no OPENAI_BASE_URL it runs a server",
        "of its own for the time it takes."}, footer = {"%nExamples:",
                "  attune run examples/support-tickets/recipe.yaml",
                "  attune run recipe.yaml --check         what it would do and what is wrong in it, without doing it",
                "  attune run recipe.yaml --state ./state --home ./work",
                "  OPENAI_BASE_URL=http://gpu-box:8080/v1 OPENAI_API_KEY=secret attune run recipe.yaml",
                "%nA recipe:", "  name: tickets", "  base: attune-nano",
                "  provider: attune            # attune | openai | azure",
                "  data: { train: tickets.jsonl, split: { validation: 0.1, test: 0.2 }, seed: 7 }",
                "  tune: { method: supervised, epochs: auto, suffix: tickets }",
                "  evaluate: { scorers: [exact, json_fields], against: base }",
                "  gate: { target: { superior_by: 0 }, general: { non_inferior_margin: 0.02 } }",
                "  report: report.html"})
final class RunCommand implements Callable<Integer> {
    @Mixin
    ServerOptions server = new ServerOptions();
    @Parameters(paramLabel = "RECIPE", description = "A recipe.yaml; its paths are relative to its own folder.")
    Path recipeFile = Path.of("");
    @Option(names = "--state", paramLabel = "DIR", defaultValue = "", description = "Where the run remembers what is done (default: .attune/NAME beside the recipe).")
    String state = "";
    @Option(names = "--home", paramLabel = "DIR", defaultValue = "", description = "Home of the run's own server (default: $ATTUNE_HOME or ~/.attune).")
    String home = "";
    @Option(names = "--models", paramLabel = "DIR", description = "A folder whose subfolders are base models; may be given more than once.")
    List<Path> models = List.of();

    @Option(names = "--check", description = "Say what the recipe would do, what is wrong in it and what it takes, and do none of it. Exit code 0 ready, 1 not.")
    boolean check;

    @Override
    public Integer call() {
        TuneCommand.requireFile(recipeFile);
        if (check) {
            return check();
        }
        Recipe recipe = Recipe.read(recipeFile);
        Path stateFolder = state.isBlank() ? recipe.defaultStateDir() : Path.of(state).toAbsolutePath().normalize();
        Path homeFolder = Folders.home(home);
        List<Path> folders = Folders.models(models, homeFolder);
        Screen screen = Screen.standardOutput();
        try (var interruption = new Interruption(
                "stopped; the same command goes on from here: attune run " + Folders.shown(recipeFile))) {
            if (recipe.provider() == Provider.ATTUNE && !isServerNamed()) {
                try (var own = OwnServer.start(homeFolder, folders)) {
                    screen.line("OPENAI_BASE_URL is not set, so this run has a server of its own: " + own.baseUrl()
                            + ", home "
                            + Folders.shown(homeFolder));
                    return run(screen, recipe, stateFolder, own.client(), folders, interruption);
                }
            }
            try (var client = new ModelsCommand.Closing(Endpoint.of(recipe.provider(), environment()).client())) {
                return run(screen, recipe, stateFolder, client.open(), folders, interruption);
            }
        }
    }

    private int check() {
        Path homeFolder = Folders.home(home);
        List<Path> folders = Folders.models(models, homeFolder);
        Optional<Path> stateFolder = state.isBlank() ? Optional.empty() : Optional.of(Path.of(state).toAbsolutePath());
        Screen screen = Screen.standardOutput();
        Optional<ModelsCommand.Closing> client = isServerNamed()
                ? Optional.of(new ModelsCommand.Closing(Endpoint.of(Provider.ATTUNE, environment()).client()))
                : Optional.empty();
        try {
            RecipeCheck found = RecipeCheck.of(recipeFile, stateFolder, folders,
                    client.map(ModelsCommand.Closing::open));
            new RecipeCheckView(screen, folders).print(found);
            return found.isReady() ? 0 : CommandException.FAILED;
        } finally {
            client.ifPresent(ModelsCommand.Closing::close);
        }
    }

    private int run(Screen screen, Recipe recipe, Path stateFolder, OpenAIClient client, List<Path> folders,
            Interruption interruption) {
        var view = RunView.of(screen, recipe, folders);
        try {
            RunResult result = new RecipeRun(recipe, stateFolder, client, folders, view).run();
            view.comparison(result);
            screen.line("Tuned model: " + screen.paint(Style.BOLD, result.tunedModel()));
            screen.line("Report:      " + Folders.shown(result.report()));
            if (recipe.evaluate().hasPlan()) {
                screen.line("Evaluation:  " + Folders.shown(recipe.evaluationPage())
                        + screen.paint(Style.DIM, " (slices, gate, row by row)"));
            }
            new EvalView(screen).gate(result.decision());
            return result.decision().verdict().exitCode();
        } catch (WorkflowException e) {
            screen.wipe();
            if (interruption.isAsked()) {
                return CommandException.INTERRUPTED;
            }
            throw e;
        }
    }

    private boolean isServerNamed() {
        return !environment().getOrDefault("OPENAI_BASE_URL", "").isBlank();
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(System.getenv());
        if (!server.baseUrl.isBlank()) {
            environment.put("OPENAI_BASE_URL", server.baseUrl);
        }
        return environment;
    }
}
