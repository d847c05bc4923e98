package dev.attune.cli;

import dev.attune.dataset.Dataset;
import dev.attune.dataset.DatasetReport;
import dev.attune.dataset.TokenCount;
import dev.attune.evals.decide.EvalCsv;
import dev.attune.evals.decide.EvalHtml;
import dev.attune.evals.decide.EvalJUnit;
import dev.attune.evals.decide.EvalJson;
import dev.attune.evals.decide.EvalReport;
import dev.attune.evals.run.ChatCall;
import dev.attune.evals.run.ChatModel;
import dev.attune.evals.score.Answer;
import dev.attune.workflow.EvalFile;
import dev.attune.workflow.FineTuning;
import dev.attune.workflow.WorkflowException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;

/**
 * A short run through what commands have in common, so that the start-up cache knows the classes: help, a server, a client,
 * a check, an evaluation.
 */
final class Rehearsal {
    private Rehearsal() {}

    /** Says what it is asked, as a model that classes are learned with. */
    private record Echo(String name, String identity) implements ChatModel {
        @Override
        public Answer ask(ChatCall call) {
            return Answer.of(call.messages().get(0).path("content").asString(""));
        }
    }

    static void run() throws IOException, InterruptedException {
        var nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        CommandLine line = AttuneCommand.commandLine();
        line.usage(nowhere);
        line.getSubcommands().values().forEach(command -> command.usage(nowhere));
        Path home = Files.createTempDirectory("attune-rehearsal");
        try (var server = OwnServer.start(home, List.of())) {
            new FineTuning(server.client()).models();
            try {
                new ChatSession(server.client(), "nobody", new ChatSession.Settings("", 0, 4, 1)).ask("Hello",
                        nowhere::print);
            } catch (WorkflowException unknownModel) {
                nowhere.println(Sentence.of(unknownModel));
            }
            var report = DatasetReport.of(Dataset.parse(home.resolve("rehearsal.jsonl"), lesson()),
                    row -> new TokenCount(9, 3), 512);
            new ReportView(Screen.plain(nowhere)).print(report, List.of());
            evaluation(home, nowhere);
        } finally {
            new QuickstartState(home).remove();
        }
    }

    private static void evaluation(Path home, PrintStream nowhere) throws IOException, InterruptedException {
        Files.writeString(home.resolve("questions.jsonl"),
                "{\"input\": \"Say 1\", \"ideal\": \"Say 1\"}\n{\"input\": \"Say 2\", \"ideal\": \"2\"}\n");
        Path yaml = Files.writeString(home.resolve("eval.yaml"),
                """
                        evaluate: { model: a, against: b, data: questions.jsonl, scorers: [exact, rouge_l, chrf, levenshtein, token_f1] }
                        gate: { target: { superior_by: 0 } }
                        """);
        EvalReport found = EvalFile.read(yaml, name -> new Echo(name, "rehearsal")).evaluate();
        new EvalView(Screen.plain(nowhere)).print(found);
        nowhere.println(EvalHtml.of(found) + EvalJson.of(found) + EvalCsv.of(found) + EvalJUnit.of(found));
    }

    private static byte[] lesson() {
        var rows = new StringBuilder();
        for (int i = 0; i < 12; i++) {
            rows.append("{\"messages\":[{\"role\":\"user\",\"content\":\"Say ").append(i)
                    .append("\"},{\"role\":\"assistant\",\"content\":\"")
                    .append(i % 3).append("\"}]}\n");
        }
        return rows.toString().getBytes(StandardCharsets.UTF_8);
    }
}
