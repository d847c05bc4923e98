package dev.attune.cli;

import dev.attune.evals.run.Asker;
import dev.attune.evals.run.CallJournal;
import dev.attune.evals.run.ChatCall;
import dev.attune.evals.run.ChatModel;
import dev.attune.evals.run.Limits;
import dev.attune.evals.run.Question;
import dev.attune.evals.run.QuestionFile;
import dev.attune.workflow.EvalFile;
import dev.attune.workflow.WorkflowException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code attune compare}: two models on the same questions, or on one prompt. */
@Command(name = "compare", mixinStandardHelpOptions = true, header = "Two models on the same questions, with intervals and p-values.", sortOptions = false, description = {
        "Asks two models the same questions and compares the answers question by question. The second model is the one that is",
        "measured. Exit code 0 compared, 2 nothing could be compared or wrong usage."}, footer = {"%nExamples:",
                "  attune compare attune-nano ft:attune-nano:org:tickets:ab12cd34 --data test.jsonl",
                "  attune compare gpt-4o-mini ft:gpt-4o-mini:org::x --data test.jsonl --scorer json_fields --slice channel --report out",
                "  attune compare attune-nano ft:attune-nano:org:tickets:ab12cd34 --prompt \"My parcel is late.\""})
final class CompareCommand implements Callable<Integer> {
    @Mixin
    ServerOptions server = new ServerOptions();
    @Mixin
    Evaluating evaluating = new Evaluating();
    @Parameters(index = "0", paramLabel = "BASE", description = "The model to compare with.")
    String base = "";
    @Parameters(index = "1", paramLabel = "TUNED", description = "The model that is measured.")
    String tuned = "";
    @Option(names = "--data", paramLabel = "FILE", description = "Questions, one JSON object a line.")
    Optional<Path> data = Optional.empty();
    @Option(names = "--prompt", paramLabel = "TEXT", description = "One question instead of a file.")
    Optional<String> prompt = Optional.empty();
    @Option(names = "--scorer", paramLabel = "NAME", description = "A scorer, by name or as JSON; may be given more than once (default: exact).")
    List<String> scorers = List.of();
    @Option(names = "--slice", paramLabel = "KEY", description = "A metadata key to tell results apart by; may be given more than once.")
    List<String> slices = List.of();
    @Option(names = "--max-rows", paramLabel = "N", description = "The most questions that are asked.")
    Optional<Integer> maxRows = Optional.empty();

    @Override
    public Integer call() throws Exception {
        if (data.isPresent() == prompt.isPresent()) {
            throw new CommandException("give --data FILE or --prompt TEXT; see 'attune compare --help'",
                    CommandException.USAGE);
        }
        try (var client = new ModelsCommand.Closing(server.client())) {
            Function<String, ChatModel> models = Evaluating.models(client.open(), server.endpoint().baseUrl());
            return prompt.isPresent() ? onePrompt(models, prompt.get()) : evaluating.run(file(models));
        } catch (WorkflowException e) {
            AttuneCommand.tell(e, false);
            return EvalCommand.UNDECIDED;
        }
    }

    private EvalFile file(Function<String, ChatModel> models) {
        Path questions = data.orElseThrow().toAbsolutePath().normalize();
        Path folder = questions.getParent();
        JsonMapper json = JsonMapper.shared();
        ObjectNode root = json.createObjectNode();
        ObjectNode evaluate = root.putObject("evaluate").put("model", tuned).put("against", base).put("data",
                questions.toString());
        var list = evaluate.putArray("scorers");
        (scorers.isEmpty() ? List.of("exact") : scorers).forEach(scorer -> {
            if (scorer.startsWith("{")) {
                list.add(parsed(scorer));
            } else {
                list.add(scorer);
            }
        });
        if (!slices.isEmpty()) {
            var keys = evaluate.putArray("slices");
            slices.forEach(keys::add);
        }
        maxRows.ifPresent(most -> evaluate.put("max_rows", most));
        return EvalFile.of("the command line", folder == null ? Path.of("").toAbsolutePath() : folder, root, models);
    }

    private static JsonNode parsed(String scorer) {
        try {
            return JsonMapper.shared().readTree(scorer);
        } catch (JacksonException e) {
            throw new CommandException("--scorer " + scorer + " is neither a name nor JSON", CommandException.USAGE);
        }
    }

    private int onePrompt(Function<String, ChatModel> models, String text) throws IOException, InterruptedException {
        Screen screen = Screen.standardOutput();
        Question question = QuestionFile.prompt(text);
        var answers = new ArrayList<String>();
        Path kept = Files.createTempFile("attune-compare", ".jsonl");
        try (CallJournal journal = CallJournal.open(kept); var asker = new Asker(journal, Limits.DEFAULT)) {
            for (String name : List.of(base, tuned)) {
                var call = new ChatCall(question.messages(), question.tools(), 0, 1_024, 0, Limits.DEFAULT.request());
                answers.add(switch (asker.ask(models.apply(name), call)) {
                    case Asker.Reply.Given given -> given.answer().text();
                    case Asker.Reply.Failed failed ->
                        throw new CommandException("no answer from " + name + ": " + failed.reason(),
                                EvalCommand.UNDECIDED);
                });
            }
        } finally {
            Files.deleteIfExists(kept);
        }
        screen.title(text);
        for (int i = 0; i < 2; i++) {
            screen.line("  " + screen.paint(Style.CYAN, i == 0 ? base : tuned));
            TextTable.wrap(answers.get(i).strip(), screen.width() - 6).forEach(line -> screen.line("    " + line));
        }
        return 0;
    }
}
