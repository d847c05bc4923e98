package dev.attune.cli;

import dev.attune.server.AttuneServer;
import dev.attune.server.access.Tls;
import dev.attune.server.operating.ServerSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** {@code attune serve}: the server in the foreground until Ctrl-C or SIGTERM. */
@Command(name = "serve", mixinStandardHelpOptions = true, header = "Serves the OpenAI API: files, fine-tuning jobs, models, chat.", sortOptions = false, description = {
        "Serves files, fine-tuning jobs, models and chat completions as the OpenAI API does.",
        "Prints one line when it is ready. Jobs that were running go on where their last checkpoint is."}, footer = {
                "%nExamples:",
                "  attune serve                                     http://127.0.0.1:8080/v1, everything under ~/.attune",
                "  attune serve --port 0 --home ./work              a free port, another home",
                "  attune serve --models /data/models               base models from /data/models/NAME",
                "  ATTUNE_API_KEY=secret attune serve --host 0.0.0.0   for others too, with a key"})
final class ServeCommand implements Callable<Integer> {
    @Option(names = "--port", paramLabel = "N", defaultValue = "8080", description = "The port; 0 picks a free one (default: 8080).")
    int port = 8080;
    @Option(names = "--home", paramLabel = "DIR", defaultValue = "", description = "Files, jobs, tuned models and logs (default: $ATTUNE_HOME or ~/.attune).")
    String home = "";
    @Option(names = "--host", paramLabel = "ADDRESS", defaultValue = "127.0.0.1", description = "Who can reach it: 127.0.0.1 only this machine (default), 0.0.0.0 everyone.")
    String host = "127.0.0.1";
    @Option(names = "--models", paramLabel = "DIR", description = "A folder whose subfolders are base models; may be given more than once.")
    List<Path> models = List.of();
    @Option(names = "--organization", paramLabel = "NAME", defaultValue = "attune", description = "The organization in the names of tuned models (default: attune).")
    String organization = "attune";

    @Option(names = "--map", paramLabel = "NAME=MODEL", description = "A name that clients use and the model here that stands for it, like gpt-4o-mini-2024-07-18=attune-nano; may be given more than once.")
    Map<String, String> map = Map.of();
    @Option(names = "--webhook", paramLabel = "URL", defaultValue = "", description = "Where to tell how jobs and batches end, signed with $ATTUNE_WEBHOOK_SECRET.")
    String webhook = "";
    @Option(names = "--fixtures", description = "Answer with the fixed identifiers of the official SDKs' own test suites; nothing is trained.")
    boolean fixtures;
    @Option(names = "--tls-cert", paramLabel = "FILE", defaultValue = "", description = "Speak TLS with this certificate (PEM, with those above it).")
    String tlsCert = "";
    @Option(names = "--tls-key", paramLabel = "FILE", defaultValue = "", description = "The certificate's private key (PEM, PKCS #8, no password).")
    String tlsKey = "";
    @Option(names = "--config", paramLabel = "FILE", defaultValue = "", description = "Settings by the names of these flags, like \"port: 9000\" (default: attune.yaml in the home). Variables like ATTUNE_PORT go before it, flags before both.")
    String config = "";
    @Mixin
    LimitOptions limits = new LimitOptions();

    @Spec
    CommandSpec spec = CommandSpec.create();
    private boolean configured;

    @Override
    public Integer call() throws InterruptedException {
        return configured ? serve() : withSettings(System.getenv()).serve();
    }

    /** This command, as the file and the environment complete it. */
    ServeCommand withSettings(Map<String, String> environment) {
        ParseResult given = spec.commandLine().getParseResult();
        Path file = config.isEmpty() ? Folders.home(home).resolve("attune.yaml") : Path.of(config);
        if (!config.isEmpty() && !Files.isRegularFile(file)) {
            throw new CommandException("--config names " + file + ", which is not a file", CommandException.USAGE);
        }
        var names = new HashSet<String>();
        given.matchedOptions().forEach(option -> names.add(option.longestName().substring(2)));
        var arguments = ServeSettings.read(spec.options(), file, environment).arguments(names);
        given.matchedOptions().forEach(option -> option.originalStringValues()
                .forEach(value -> arguments.add(option.longestName() + "=" + value)));
        var complete = new ServeCommand();
        complete.configured = true;
        try {
            new CommandLine(complete).parseArgs(arguments.toArray(String[]::new));
        } catch (ParameterException e) {
            throw new CommandException("a setting cannot be used: " + Words.oneLine(String.valueOf(e.getMessage()))
                    + " (from " + file + ", the environment or the command line)", CommandException.USAGE);
        }
        return complete;
    }

    private Integer serve() throws InterruptedException {
        if (port < 0 || port > 65535) {
            throw new CommandException("--port is " + port + ": give 0 for a free one or a number up to 65535",
                    CommandException.USAGE);
        }
        requireFree();
        Path folder = fixtures && home.isEmpty() ? temporary() : Folders.home(home);
        var stopped = new CountDownLatch(1);
        var closed = new CountDownLatch(1);
        AttuneServer server = start(new ServerSettings(folder, host, port, Folders.models(models, folder),
                System.getenv().getOrDefault("ATTUNE_API_KEY", ""), organization, map, webhook(), fixtures,
                limits.limits(), tls()));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            stopped.countDown();
            try {
                closed.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }, "stop-server"));
        try (server) {
            System.out.println("Attune is listening on " + server.baseUrl());
            System.out.flush();
            stopped.await();
        } finally {
            if (fixtures && home.isEmpty()) {
                deleteTree(folder);
            }
            closed.countDown();
        }
        return 0;
    }

    /** A home of its own for the fixtures, so that they are never among somebody's real jobs. */
    private static Path temporary() {
        try {
            return Files.createTempDirectory("attune-fixtures-");
        } catch (IOException e) {
            throw new CommandException("no temporary folder can be made (" + Sentence.of(e) + "): give a --home", e);
        }
    }

    private static void deleteTree(Path folder) {
        try (var all = Files.walk(folder)) {
            for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            // It lies in the folder for temporary files.
        }
    }

    private Optional<Tls> tls() {
        if (tlsCert.isEmpty() != tlsKey.isEmpty()) {
            throw new CommandException("--tls-cert and --tls-key go together: give both", CommandException.USAGE);
        }
        return tlsCert.isEmpty() ? Optional.empty() : Optional.of(new Tls(Path.of(tlsCert), Path.of(tlsKey)));
    }

    private Optional<ServerSettings.Webhook> webhook() {
        if (webhook.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ServerSettings.Webhook(new URI(webhook),
                    System.getenv().getOrDefault("ATTUNE_WEBHOOK_SECRET", "")));
        } catch (URISyntaxException e) {
            throw new CommandException("--webhook is no address: " + e.getMessage(), CommandException.USAGE);
        }
    }

    /** Looks at the port before anything is written, so that a port in use leaves nothing behind. */
    private void requireFree() {
        if (port == 0) {
            return;
        }
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(host, port));
        } catch (IOException e) {
            throw new CommandException("port " + port + " on " + host + " cannot be used (" + e.getMessage()
                    + "): stop the program that has it, or choose another with --port (0 picks a free one)", e);
        }
    }

    /** Starts a server with its log in {@code home/logs}; what goes wrong is one sentence. */
    static AttuneServer start(ServerSettings settings) {
        Path logs = settings.home().resolve("logs");
        try {
            Files.createDirectories(logs);
        } catch (IOException e) {
            throw new CommandException(
                    "cannot write to " + settings.home() + " (" + Sentence.of(e) + "): choose another --home", e);
        }
        // Read when the first logger is made, which is inside the server.
        System.setProperty("attune.logs", logs.toString());
        System.setProperty("logback.configurationFile", "logback-server.xml");
        return AttuneServer.start(settings);
    }
}
