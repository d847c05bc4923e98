package dev.attune.dataset.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every code that the sources can say stands in the catalogue, and the page in the documentation is the catalogue. */
class CheckCatalogTest {
    private static final Path SOURCES = Path.of("src/main/java");
    private static final Path PAGE = Path.of("../docs/checks.md");
    private static final Pattern SAID = Pattern.compile(
            "(?:(?:error|warning|advice|outdated|Fault|broken|new Problem|ofFile|problem)\\(\\s*|tell\\([^\"]*(?:\"[^\"]*\", )?)\"([a-z0-9]+(?:_[a-z0-9]+)+)\"|(?:new Problem|ofFile|problem)\\(\\s*\"([a-z0-9]+)\"");

    @Test
    void everyCodeOfTheSourcesIsExplained() throws IOException {
        var said = new TreeSet<String>();
        try (var files = Files.walk(SOURCES)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
                var matcher = SAID.matcher(Files.readString(file));
                while (matcher.find()) {
                    said.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
                }
            }
        }
        assertThat(said).hasSizeGreaterThan(60).contains("example_too_long", "invalid_weight", "too_many_images", "csv",
                "gzip");
        Set<String> known = CheckCatalog.entries().stream().map(CheckEntry::code).collect(Collectors.toSet());
        said.removeAll(known);
        assertThat(said).isEmpty();
    }

    @Test
    void entriesReadAsSentences() {
        assertThat(CheckCatalog.entries()).allSatisfy(entry -> {
            assertThat(entry.code()).matches("[a-z][a-z0-9_]*");
            assertThat(entry.title()).isNotBlank().doesNotEndWith(".");
            assertThat(entry.explanation()).endsWith(".");
            assertThat(entry.severity()).matches("(error|warning|advice)( or (error|warning|advice))?");
        });
        assertThat(CheckCatalog.find("no_such_code")).isEmpty();
    }

    /** With {@code -Dattune.write=true} the page is written anew. */
    @Test
    void thePageListsThemAll() throws IOException {
        String page = CatalogPage.of(CheckCatalog.entries());
        if (Boolean.getBoolean("attune.write")) {
            Files.writeString(PAGE, page);
        }
        assertThat(Files.readString(PAGE)).isEqualTo(page);
    }
}
