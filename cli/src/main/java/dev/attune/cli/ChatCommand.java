package dev.attune.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;

import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code attune chat}: a conversation with a model in the terminal, or one answer for what is piped in. */
@Command(name = "chat", mixinStandardHelpOptions = true, header = "Talks to a model in the terminal.", sortOptions = false, description = {
        "Talks to a model of the server of OPENAI_BASE_URL; answers stream in.",
        "In the conversation: /system TEXT, /reset, /help, /quit; Ctrl-C stops an answer, Ctrl-D leaves."}, footer = {
                "%nExamples:", "  attune chat attune-nano",
                "  attune chat ft:attune-nano:attune:tickets:a1b2c3d4 --system 'Answer with JSON.'",
                "  attune chat attune-nano 'Say hello.'",
                "  attune chat ft:… < mail.txt                  the whole input is one message",
                "  attune chat ft:… --lines < questions.txt     each line is a message of its own"})
final class ChatCommand implements Callable<Integer> {
    @Mixin
    ServerOptions server = new ServerOptions();
    @Parameters(index = "0", paramLabel = "MODEL", description = "A base or tuned model ('attune models list').")
    String model = "";
    @Parameters(index = "1..*", arity = "0..*", paramLabel = "MESSAGE", description = "Ask this and leave.")
    List<String> message = List.of();
    @Option(names = "--system", paramLabel = "TEXT", defaultValue = "", description = "The system message.")
    String system = "";
    @Option(names = "--temperature", paramLabel = "X", defaultValue = "NaN", description = "0 always takes the likeliest token; 0 to 2 (default: the server's).")
    double temperature = Double.NaN;
    @Option(names = "--max-tokens", paramLabel = "N", defaultValue = "-1", description = "At most so many tokens in an answer.")
    int maxTokens = -1;
    @Option(names = "--seed", paramLabel = "N", defaultValue = "-1", description = "The same seed gives the same answer.")
    long seed = -1;
    @Option(names = "--lines", description = "Each line of the piped input is a message of its own.")
    boolean lines;

    @Override
    public Integer call() throws IOException {
        try (var client = new ModelsCommand.Closing(server.client())) {
            var session = new ChatSession(client.open(), model,
                    new ChatSession.Settings(system, temperature, maxTokens, seed));
            if (!message.isEmpty()) {
                answer(session, String.join(" ", message));
            } else if (Screen.isTerminal("in")) {
                converse(session);
            } else {
                piped(session);
            }
        }
        return 0;
    }

    private void piped(ChatSession session) throws IOException {
        String input = new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
        List<String> questions = (lines ? input.lines() : List.of(input.strip()).stream()).filter(q -> !q.isBlank())
                .toList();
        if (questions.isEmpty()) {
            throw new CommandException("nothing to ask: give a message, pipe one in, or run it in a terminal");
        }
        for (String question : questions) {
            session.reset();
            answer(session, question);
        }
    }

    private static void answer(ChatSession session, String question) {
        Screen screen = Screen.standardOutput();
        session.ask(question, screen::text);
        screen.line("");
    }

    private static void converse(ChatSession session) throws IOException {
        try (Terminal terminal = TerminalBuilder.builder().system(true).build()) {
            Screen screen = Screen.standardOutput();
            terminal.handle(Terminal.Signal.INT, signal -> session.stop());
            LineReader reader = LineReaderBuilder.builder().terminal(terminal).appName("attune")
                    .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true).build();
            screen.line(screen.paint(Style.BOLD, session.model())
                    + screen.paint(Style.DIM, "  /help shows what you can do here"));
            while (true) {
                String said;
                try {
                    said = reader.readLine(screen.paint(Style.CYAN, "› ")).strip();
                } catch (UserInterruptException e) {
                    continue;
                } catch (EndOfFileException e) {
                    return;
                }
                if (said.startsWith("/")) {
                    if (!obey(session, said, screen)) {
                        return;
                    }
                } else if (!said.isEmpty()) {
                    tryToAnswer(session, said, screen);
                }
            }
        }
    }

    /** A failed answer is told and the conversation goes on: the server may be back for the next one. */
    private static void tryToAnswer(ChatSession session, String question, Screen screen) {
        try {
            boolean whole = session.ask(question, screen::text);
            screen.line(whole ? "" : screen.paint(Style.DIM, " … stopped"));
        } catch (RuntimeException e) {
            screen.line(screen.paint(Style.RED, Sentence.of(e)));
        }
    }

    private static boolean obey(ChatSession session, String said, Screen screen) {
        String[] words = said.split("\\s+", 2);
        switch (words[0]) {
            case "/quit", "/exit", "/q" -> {
                return false;
            }
            case "/reset" -> {
                session.reset();
                screen.line(screen.paint(Style.DIM, "forgot what was said"));
            }
            case "/system" -> {
                if (words.length == 1) {
                    screen.line(screen.paint(Style.DIM,
                            session.system().isEmpty() ? "no system message" : session.system()));
                } else {
                    session.system(words[1].strip());
                    screen.line(screen.paint(Style.DIM, "new system message, and forgot what was said"));
                }
            }
            case "/help" -> List.of("/system TEXT   set the system message and start over; without TEXT, show it",
                    "/reset         forget what was said", "/quit          leave (Ctrl-D too)",
                    "Ctrl-C         stop the answer")
                    .forEach(line -> screen.line(screen.paint(Style.DIM, line)));
            default -> screen.line(screen.paint(Style.YELLOW, words[0] + " is not a command here: /help shows them"));
        }
        return true;
    }
}
