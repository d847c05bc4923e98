package dev.attune.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import java.util.concurrent.Callable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code attune version}: which Attune, which Java, which machine. */
@Command(name = "version", mixinStandardHelpOptions = true, header = "Prints the versions that decide results.", description = "Prints the versions of Attune, Java and the libraries that decide results.")
final class VersionCommand implements Callable<Integer> {
    @Option(names = "--rehearse", hidden = true, description = "Loads what every command needs, for the launcher's start-up cache.")
    boolean rehearse;

    @Override
    public Integer call() throws Exception {
        if (rehearse) {
            Rehearsal.run();
            return 0;
        }
        Screen screen = Screen.standardOutput();
        for (String line : new Versions().getVersion()) {
            screen.line(line);
        }
        return 0;
    }

    /** The lines that {@code attune version} and {@code attune --version} print. */
    static final class Versions implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() throws IOException {
            var built = new Properties();
            try (InputStream in = Versions.class.getResourceAsStream("/attune-version.properties")) {
                if (in != null) {
                    built.load(in);
                }
            }
            return new String[]{"attune " + built.getProperty("attune", "?"),
                    "java " + Runtime.version() + " (" + System.getProperty("java.vendor") + ")",
                    "libtorch " + built.getProperty("pytorch", "?") + ", openai-java "
                            + built.getProperty("openai", "?"),
                    System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                            + System.getProperty("os.arch") + ", " + Runtime.getRuntime().availableProcessors()
                            + " processors"};
        }
    }
}
