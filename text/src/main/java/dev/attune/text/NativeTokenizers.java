package dev.attune.text;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Properties;

/**
 * The native tokenizers library out of the DJL jar, loaded once a process.
 *
 * <p>DJL's own loader is left aside on purpose: it sends telemetry to Amazon, forks a JVM to look for CUDA and, where it
 * finds CUDA, downloads another build. This one copies the CPU library that the jar holds into a cache folder (the system
 * property {@code attune.cache}, else {@code $XDG_CACHE_HOME/attune}, else {@code ~/.cache/attune}, else a temporary
 * folder of this process) and loads it. It opens no connection and writes nowhere else.
 */
final class NativeTokenizers {

    private static final String ROOT = "native/lib/";

    private NativeTokenizers() {}

    /** The entry points, with the library behind them. */
    static TokenizersLibrary library() {
        return Loaded.LIBRARY;
    }

    private static final class Loaded {
        static final TokenizersLibrary LIBRARY = load();
    }

    private static TokenizersLibrary load() {
        String platform = platform();
        var names = platform.startsWith("win")
                ? List.of("libwinpthread-1.dll", "libgcc_s_seh-1.dll",
                        "libstdc++-6.dll", "tokenizers.dll")
                : List.of(System.mapLibraryName("tokenizers"));
        try {
            for (Path file : extract(platform, names)) {
                System.load(file.toString());
            }
            return TokenizersLibrary.LIB;
        } catch (IOException | UnsatisfiedLinkError e) {
            throw new TextException("The native tokenizers library for " + platform + " could not be loaded ("
                    + e.getMessage() + "); give a writable folder with -Dattune.cache=DIR.", e);
        }
    }

    private static String platform() {
        String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch", "");
        String family = os.startsWith("win") ? "win" : os.startsWith("mac") ? "osx" : "linux";
        return family + "-" + (arch.equals("amd64") ? "x86_64" : arch);
    }

    private static List<Path> extract(String platform, List<String> names) throws IOException {
        var properties = new Properties();
        try (InputStream in = resource("tokenizers.properties").openStream()) {
            properties.load(in);
        }
        String folder = "tokenizers-" + properties.getProperty("version", "unknown") + "-" + platform;
        try {
            return copy(platform, names, Files.createDirectories(cacheFolder().resolve(folder)));
        } catch (FileSystemException e) {
            Path temporary = Files.createTempDirectory("attune-tokenizers");
            temporary.toFile().deleteOnExit();
            var files = copy(platform, names, temporary);
            files.forEach(file -> file.toFile().deleteOnExit());
            return files;
        }
    }

    private static Path cacheFolder() {
        String chosen = System.getProperty("attune.cache", "");
        if (!chosen.isEmpty()) {
            return Path.of(chosen).toAbsolutePath();
        }
        String xdg = System.getenv("XDG_CACHE_HOME");
        return (xdg == null || xdg.isEmpty() ? Path.of(System.getProperty("user.home", "."), ".cache") : Path.of(xdg))
                .resolve("attune").toAbsolutePath();
    }

    /** Copies what is missing or of another length; written aside, then renamed, so that two processes may do it at once. */
    private static List<Path> copy(String platform, List<String> names, Path folder) throws IOException {
        for (String name : names) {
            Path target = folder.resolve(name);
            var connection = resource(platform + "/cpu/" + name).openConnection();
            connection.setUseCaches(false);
            try (InputStream in = connection.getInputStream()) {
                if (Files.isRegularFile(target) && Files.size(target) == connection.getContentLengthLong()) {
                    continue;
                }
                Path aside = Files.createTempFile(folder, name, ".part");
                try {
                    Files.copy(in, aside, StandardCopyOption.REPLACE_EXISTING);
                    Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                } finally {
                    Files.deleteIfExists(aside);
                }
            }
        }
        return names.stream().map(folder::resolve).toList();
    }

    private static URL resource(String name) throws IOException {
        URL url = TokenizersLibrary.class.getClassLoader().getResource(ROOT + name);
        if (url == null) {
            throw new IOException("the tokenizers jar holds no " + ROOT + name);
        }
        return url;
    }
}
