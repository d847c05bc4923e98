package dev.attune.cli;

import com.openai.client.OpenAIClient;
import com.openai.errors.OpenAIException;
import dev.attune.workflow.Endpoint;
import dev.attune.workflow.Provider;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;

/** A short run through what commands have in common, so that the start-up cache knows the classes. */
final class Rehearsal {
    private Rehearsal() {}

    static void run() {
        var nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        CommandLine line = AttuneCommand.commandLine();
        line.usage(nowhere);
        line.getSubcommands().values().forEach(command -> command.usage(nowhere));
        // Nobody listens on the discard port: the client is built, used once, and told so at once.
        OpenAIClient client = new Endpoint(Provider.ATTUNE, "http://127.0.0.1:9/v1", "any").client();
        try {
            client.withOptions(options -> options.maxRetries(0)).models().list();
        } catch (OpenAIException expected) {
            nowhere.println(Sentence.of(expected));
        } finally {
            client.close();
        }
    }
}
