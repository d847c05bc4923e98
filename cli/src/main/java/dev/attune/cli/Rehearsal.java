package dev.attune.cli;

import dev.attune.dataset.Dataset;
import dev.attune.dataset.DatasetReport;
import dev.attune.dataset.TokenCount;
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
 * a check.
 */
final class Rehearsal {
    private Rehearsal() {}

    static void run() throws IOException {
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
        } finally {
            new QuickstartState(home).remove();
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
