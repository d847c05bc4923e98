package dev.attune.cli;

import dev.attune.server.operating.Finding;
import dev.attune.server.operating.HomeDoctor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** {@code attune doctor}: whether this machine and a home are fit to serve. */
@Command(name = "doctor", mixinStandardHelpOptions = true, header = "Says what would keep a server from working here.", sortOptions = false, description = "Looks at Java, memory, the home, its database, the disk, the models, the settings and the port, and says what to do about what is not as it should be. Changes nothing.", footer = {
        "%nExamples:", "  attune doctor", "  attune doctor --home ./work --port 9000 --json"})
final class DoctorCommand implements Callable<Integer> {
    private static final long LEAST_MEMORY = 512L << 20;

    @Option(names = "--home", paramLabel = "DIR", defaultValue = "", description = "The server's home (default: $ATTUNE_HOME or ~/.attune).")
    String home = "";
    @Option(names = "--models", paramLabel = "DIR", description = "A folder whose subfolders are base models; may be given more than once.")
    List<Path> models = List.of();
    @Option(names = "--port", paramLabel = "N", defaultValue = "8080", description = "The port that is to be free (default: 8080).")
    int port = 8080;
    @Option(names = "--json", description = "Print the findings as JSON.")
    boolean json;

    @Override
    public Integer call() {
        Path folder = Folders.home(home);
        var findings = new ArrayList<Finding>();
        findings.add(java());
        findings.add(memory());
        findings.add(settings(folder));
        findings.add(port());
        findings.addAll(HomeDoctor.examine(folder, Folders.models(models, folder)));
        if (json) {
            System.out.println(JsonMapper.shared().writerWithDefaultPrettyPrinter()
                    .writeValueAsString(Map.of("findings", findings)));
        } else {
            print(findings);
        }
        return findings.stream().allMatch(Finding::ok) ? 0 : CommandException.FAILED;
    }

    private static void print(List<Finding> findings) {
        Screen screen = Screen.standardOutput();
        for (Finding finding : findings) {
            screen.line((finding.ok() ? screen.paint(Style.GREEN, "ok  ") : screen.paint(Style.RED, "bad ")) + " "
                    + finding.what() + ": " + finding.found());
            if (!finding.ok()) {
                screen.line("      " + finding.advice());
            }
        }
    }

    private static Finding java() {
        int release = Runtime.version().feature();
        return new Finding(release >= 25, "java", Runtime.version().toString(), "Use a JDK 25 or newer.");
    }

    private static Finding memory() {
        long most = Runtime.getRuntime().maxMemory();
        return new Finding(most >= LEAST_MEMORY, "heap", (most >> 20) + " MB",
                "Give Java more with ATTUNE_MEMORY=640m.");
    }

    private static Finding settings(Path home) {
        Path file = home.resolve("attune.yaml");
        try {
            var options = new CommandLine(new ServeCommand()).getCommandSpec().options();
            ServeSettings.read(options, file, System.getenv());
            return new Finding(true, "settings", file.toFile().exists() ? file.toString() : "no " + file, "");
        } catch (CommandException e) {
            return new Finding(false, "settings", Sentence.of(e), "Mend or remove what is named.");
        }
    }

    private Finding port() {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress("127.0.0.1", port));
            return new Finding(true, "port", port + " is free", "");
        } catch (IOException | IllegalArgumentException e) {
            return new Finding(false, "port", port + " cannot be used (" + e.getMessage() + ")",
                    "Stop the program that has it, or serve on another with --port.");
        }
    }
}
