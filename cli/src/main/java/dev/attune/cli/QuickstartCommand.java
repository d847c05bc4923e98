package dev.attune.cli;

import com.openai.client.OpenAIClient;
import com.openai.errors.NotFoundException;
import dev.attune.dataset.Dataset;
import dev.attune.dataset.FilePart;
import dev.attune.dataset.Row;
import dev.attune.workflow.Recipe;
import dev.attune.workflow.RecipeRun;
import dev.attune.workflow.RunResult;
import dev.attune.workflow.WorkflowException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code attune quickstart}: the whole job on real examples, from JSONL to a tuned model that is measured. */
@Command(name = "quickstart", mixinStandardHelpOptions = true, header = "The whole job on real examples: data in, a tuned and measured model out.", sortOptions = false, description = {
        "Checks an example's data, splits it, starts a server on a free loopback port, tunes the bundled model there through",
        "the OpenAI protocol, asks base and tuned model the held-out questions, and writes a report.",
        "Everything stays under the home, so that the tuned model can be served afterwards. Stopped with Ctrl-C, the same",
        "command goes on where it stopped; once finished, it starts over and replaces its earlier result, unless --keep."}, footer = {
                "%nExamples:", "  attune quickstart",
                "  attune quickstart --example NAME      another of the examples that ship",
                "  attune quickstart --home ./try --keep"})
final class QuickstartCommand implements Callable<Integer> {
    @Option(names = "--home", paramLabel = "DIR", defaultValue = "", description = "Where everything is kept (default: quickstart in $ATTUNE_HOME or ~/.attune).")
    String home = "";
    @Option(names = "--keep", description = "Keep the results of earlier quickstarts beside the new one.")
    boolean keep;
    @Option(names = "--example", paramLabel = "NAME", defaultValue = "support-tickets", description = "A folder of examples/ (default: ${DEFAULT-VALUE}).")
    String example = "support-tickets";

    private final long beganNanos = System.nanoTime();

    @Override
    public Integer call() {
        Screen screen = Screen.standardOutput();
        Path recipeFile = recipeFile();
        Path homeFolder = home.isBlank() ? Folders.home("").resolve("quickstart") : Folders.home(home);
        List<Path> modelFolders = Folders.models(List.of(), homeFolder);
        var state = QuickstartState.of(homeFolder, example, keep);
        Recipe recipe = Recipe.read(recipeFile).withReport(state.report());
        if (BaseModels.find(recipe.base(), modelFolders).isEmpty()) {
            throw BaseModels.unknown(recipe.base(), modelFolders);
        }
        screen.line(screen.paint(Style.BOLD, "Attune quickstart") + " with " + Folders.shown(recipeFile)
                + (state.isBegun() ? ", going on where it stopped" : ""));
        try (var interruption = new Interruption("stopped; the same command goes on from here: " + command(homeFolder));
                var server = OwnServer.start(homeFolder, modelFolders)) {
            screen.line("A server of this process listens on " + server.baseUrl()
                    + "; from here on it is spoken to only through openai-java.");
            state.finishedModel().ifPresent(model -> {
                forget(server.client(), model);
                state.remove();
            });
            return run(screen, recipe, state, server, modelFolders, homeFolder, interruption);
        }
    }

    private int run(Screen screen, Recipe recipe, QuickstartState state, OwnServer server, List<Path> modelFolders,
            Path homeFolder,
            Interruption interruption) {
        var view = RunView.of(screen, recipe, modelFolders);
        try {
            RunResult result = new RecipeRun(recipe, state.folder(), server.client(), modelFolders, view).run();
            state.finish(result.tunedModel());
            view.comparison(result);
            screen.line("Done in " + Words.duration(Duration.ofNanos(System.nanoTime() - beganNanos)) + ". Report: "
                    + screen.paint(Style.BOLD, Folders.shown(result.report())));
            goOn(screen, recipe, state, result, homeFolder);
            return 0;
        } catch (WorkflowException e) {
            screen.wipe();
            if (interruption.isAsked()) {
                return CommandException.INTERRUPTED;
            }
            throw e;
        }
    }

    /** The three lines to go on with, ready to be pasted. */
    private void goOn(Screen screen, Recipe recipe, QuickstartState state, RunResult result, Path homeFolder) {
        String messages = question(recipe, state);
        String model = result.tunedModel();
        screen.title("Go on");
        screen.line(screen.paint(Style.DIM, "# serve it"));
        screen.line(launcher() + " serve --port 8080 --home " + Folders.shown(homeFolder));
        screen.line(screen.paint(Style.DIM, "# curl it"));
        screen.line("curl -s http://127.0.0.1:8080/v1/chat/completions -H 'Content-Type: application/json' -d "
                + quoted("{\"model\":\"" + model + "\",\"temperature\":0,\"messages\":" + messages + "}"));
        screen.line(screen.paint(Style.DIM, "# use it from an SDK (here Python's; any OpenAI SDK works the same)"));
        screen.line("python3 -c "
                + quoted("import json; from openai import OpenAI; print(OpenAI(base_url=\"http://127.0.0.1:8080/v1\", "
                        + "api_key=\"any\").chat.completions.create(model=\"" + model
                        + "\", temperature=0, messages=json.loads(r\"\"\""
                        + messages + "\"\"\")).choices[0].message.content)"));
    }

    /** The shortest held-out question with its instructions, as the JSON array that a request carries. */
    private static String question(Recipe recipe, QuickstartState state) {
        Path test = recipe.testFile().orElse(state.folder().resolve("data").resolve("test.jsonl"));
        List<Row> rows = Files.isRegularFile(test) ? Dataset.read(test, FilePart.TEST).rows() : List.of();
        return rows.stream().min(Comparator.comparingInt(row -> row.json().length()))
                .map(QuickstartCommand::asked).orElse("[{\"role\":\"user\",\"content\":\"Hello\"}]");
    }

    private static String asked(Row row) {
        var mapper = tools.jackson.databind.json.JsonMapper.builder().build();
        List<?> messages = row.raw().get("messages") instanceof List<?> list ? list : List.of();
        return mapper.writeValueAsString(messages.subList(0, Math.min(row.input().size(), messages.size())));
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    private static String launcher() {
        String shown = Folders.shown(Folders.installation().resolve("attune"));
        return shown.contains("/") ? shown : "./" + shown;
    }

    private String command(Path homeFolder) {
        return launcher() + " quickstart" + (example.equals("support-tickets") ? "" : " --example " + example)
                + (home.isBlank() ? "" : " --home " + Folders.shown(homeFolder)) + (keep ? " --keep" : "");
    }

    /** Deletes the tuned model of an earlier run; that it is gone already is fine. */
    private static void forget(OpenAIClient client, String model) {
        try {
            client.models().delete(model);
        } catch (NotFoundException gone) {
            // Somebody deleted it before.
        }
    }

    private Path recipeFile() {
        Path examples = Folders.installation().resolve("examples");
        Path recipe = examples.resolve(example).resolve("recipe.yaml");
        if (!example.contains("/") && Files.isRegularFile(recipe)) {
            return recipe;
        }
        if (!Files.isDirectory(examples)) {
            throw new CommandException(
                    examples + " is missing: run ./attune from a complete checkout of the repository");
        }
        try (var folders = Files.list(examples)) {
            String names = folders.filter(folder -> Files.isRegularFile(folder.resolve("recipe.yaml")))
                    .map(folder -> String.valueOf(folder.getFileName())).sorted().collect(Collectors.joining(", "));
            throw new CommandException("there is no example '" + example + "': choose one of " + names,
                    CommandException.USAGE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
