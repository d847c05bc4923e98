package dev.attune.cli;

import dev.attune.dataset.Dataset;
import dev.attune.dataset.DatasetReport;
import dev.attune.dataset.TokenCount;
import dev.attune.dataset.report.CheckGroup;
import dev.attune.dataset.report.FileChecker;
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
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import picocli.CommandLine;

/**
 * A short run through what commands have in common, so that the start-up cache knows the classes: help, a server, a client,
 * a check, an evaluation.
 */
final class Rehearsal {
    private static final int ROWS = 2_500;

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
            check(home.resolve("rows.jsonl"), nowhere);
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

    /** A whole check of some megabyte, so that the cache knows not only its classes but also what is worth compiling in them. */
    private static void check(Path file, PrintStream nowhere) throws IOException {
        Files.write(file, conversations());
        try (CheckTarget place = CheckTarget.open("openai:gpt-4.1-mini-2025-04-14", List.of(), -1, Optional.empty())) {
            var checker = new FileChecker(place.target(), place.counter(), place.estimator(), LocalDate.now());
            new CheckView(Screen.plain(nowhere)).print(checker.check(List.of(file), List.of()), false);
            checker.only(EnumSet.of(CheckGroup.TOKENS)).check(List.of(file), List.of());
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static byte[] conversations() {
        var random = new Random(7);
        var rows = new StringBuilder();
        for (int i = 0; i < ROWS; i++) {
            rows.append("{\"messages\":[{\"role\":\"user\",\"content\":\"Is it ");
            prose(rows, random, 20);
            rows.append("?\"},{\"role\":\"assistant\",\"content\":\"It is ");
            prose(rows, random, 80);
            rows.append(".\"}]}\n");
        }
        return rows.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void prose(StringBuilder out, Random random, int words) {
        for (int i = random.nextInt(words) + words / 2; i >= 0; i--) {
            out.append(random.nextInt(30) == 0 ? Integer.toString(random.nextInt(99_999)) : "the");
            for (int letters = random.nextInt(7); letters >= 0; letters--) {
                out.append((char) ('a' + random.nextInt(26)));
            }
            out.append(random.nextInt(9) == 0 ? ", " : random.nextInt(9) == 0 ? ". The \u00fc " : " of ");
        }
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
