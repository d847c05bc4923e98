package dev.attune.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the module keeps to itself. */
class BoundariesTest {

    @Test
    void onlyAFewClassesKnowTheHttpLibrary() throws IOException {
        assertThat(filesThatImport("io.javalin", "org.eclipse.jetty", "jakarta.servlet"))
                .containsExactly("ConnectionWatch.java", "HttpServer.java", "JsonErrors.java",
                        "SlowStart.java");
    }

    @Test
    void onlyTheDatabaseKnowsSqlite() throws IOException {
        assertThat(filesThatImport("org.sqlite")).containsExactly("Database.java");
    }

    private static List<String> filesThatImport(String... packages) throws IOException {
        try (Stream<Path> sources = Files.walk(Path.of("src", "main", "java"))) {
            List<Path> files = sources.filter(Files::isRegularFile).sorted().toList();
            return files.stream().filter(file -> Stream.of(packages).anyMatch(name -> read(file).contains(name + ".")))
                    .map(file -> file.getFileName().toString()).toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
