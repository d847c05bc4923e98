package dev.attune.cli;

import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.attune.dataset.Dataset;
import dev.attune.workflow.FineTuning;
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
 * an answer of the tiny model, a check.
 */
final class Rehearsal {
    private static final String MODEL = "tiny-chat";

    private Rehearsal() {}

    static void run() throws IOException {
        var nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        CommandLine line = AttuneCommand.commandLine();
        line.usage(nowhere);
        line.getSubcommands().values().forEach(command -> command.usage(nowhere));
        Path fixtures = Folders.installation().resolve("fixtures");
        Path home = Files.createTempDirectory("attune-rehearsal");
        try (var server = OwnServer.start(home, List.of(fixtures))) {
            List<String> models = new FineTuning(server.client()).models();
            if (models.contains(MODEL)) {
                var question = ChatCompletionCreateParams.builder().model(MODEL).addUserMessage("Hello").maxTokens(4)
                        .temperature(0).build();
                server.client().chat().completions().create(question).validate();
                new ChatSession(server.client(), MODEL, new ChatSession.Settings("", 0, 4, 1)).ask("Hello",
                        nowhere::print);
                var report = CheckCommand.local(Dataset.parse(home.resolve("rehearsal.jsonl"), lesson()), MODEL,
                        fixtures.resolve(MODEL), -1);
                new ReportView(Screen.plain(nowhere)).print(report.report(),
                        report.estimates().stream().map(ReportView::sentence).toList());
            }
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
