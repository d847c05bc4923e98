package dev.attune.cli;

import com.openai.client.OpenAIClient;
import com.openai.errors.OpenAIException;
import com.openai.models.models.Model;
import dev.attune.engine.train.MemoryEstimate;
import dev.attune.engine.train.ModelCheck;
import dev.attune.workflow.FineTuning;
import dev.attune.workflow.WireErrors;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** {@code attune models}: what the server can tune and answer with. */
@Command(name = "models", mixinStandardHelpOptions = true, subcommands = {ExportCommand.class,
        PullCommand.class}, header = "Lists, shows, fetches, checks, exports and deletes models.", description = "Lists, shows and deletes the models of the server, fetches base models and checks their folders, and writes models for other programs.", footer = {
                "%nExamples:", "  attune models list", "  attune models show attune-nano",
                "  attune models pull HuggingFaceTB/SmolLM2-135M-Instruct",
                "  attune models check models/attune-nano",
                "  attune models export attune-nano --format gguf --out exported",
                "  attune models delete ft:attune-nano:attune:tickets:a1b2c3d4"})
final class ModelsCommand implements Runnable {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm")
            .withZone(ZoneId.systemDefault());

    @CommandLine.Spec
    CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(),
                "say what to do: list, show, pull, check, export or delete");
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists base and tuned models, the newest last.")
    int list(@Mixin ServerOptions server) {
        Screen screen = Screen.standardOutput();
        try (var client = new Closing(server.client())) {
            List<Model> models = call("list the models", () -> client.open().models().list().items());
            if (models.isEmpty()) {
                screen.line("The server has no models: give 'attune serve' a folder of base models with --models.");
                return 0;
            }
            var table = new TextTable("model", "owner", "created");
            models.stream().sorted(Comparator.comparingLong(Model::created)).forEach(model -> table.row(
                    screen.paint(model.id().startsWith("ft:") ? Style.GREEN : Style.BOLD, model.id()), model.ownedBy(),
                    TIME.format(Instant.ofEpochSecond(model.created()))));
            table.print(screen);
        }
        return 0;
    }

    @Command(name = "show", mixinStandardHelpOptions = true, description = "Shows everything that the server says about a model.")
    int show(@Mixin ServerOptions server, @Parameters(paramLabel = "MODEL") String model) {
        Screen screen = Screen.standardOutput();
        try (var client = new Closing(server.client())) {
            // The retrieval itself says in one sentence what is wrong with an unknown name.
            call("show model " + model, () -> client.open().models().retrieve(model));
            Map<String, String> facts = new FineTuning(client.open()).modelFacts(model);
            var table = new TextTable("", "");
            new TreeMap<>(facts).forEach((key, value) -> table.row(screen.paint(Style.DIM, key), value));
            table.print(screen);
        }
        return 0;
    }

    @Command(name = "delete", mixinStandardHelpOptions = true, description = "Deletes a tuned model.")
    int delete(@Mixin ServerOptions server, @Parameters(paramLabel = "MODEL") String model) {
        try (var client = new Closing(server.client())) {
            call("delete model " + model, () -> client.open().models().delete(model));
            Screen.standardOutput().line("deleted " + model);
        }
        return 0;
    }

    @Command(name = "check", mixinStandardHelpOptions = true, description = "Says whether a folder will load and can be tuned, what memory that takes, and what is in the way.")
    int check(
            @Parameters(paramLabel = "DIR", description = "A base model's folder in Hugging Face layout.") Path directory,
            @Option(names = "--json", description = "Print the result as one JSON object.") boolean json) {
        ModelCheck check = ModelCheck.of(directory, MemoryEstimate.machineBytes());
        if (json) {
            System.out.println(JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build()
                    .writeValueAsString(check));
        } else {
            ModelCheckView.print(check, Screen.standardOutput());
        }
        return check.passes() ? 0 : CommandException.FAILED;
    }

    private static <T> T call(String doing, Callable<T> request) {
        try {
            return request.call();
        } catch (OpenAIException e) {
            throw WireErrors.explain(doing, e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** A client that is closed at the end of the block. */
    record Closing(OpenAIClient open) implements AutoCloseable {
        @Override
        public void close() {
            open.close();
        }
    }
}
