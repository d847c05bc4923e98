package dev.attune.dataset.format;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a file became, for tests.
 *
 * @param text the output; empty where none was written
 */
record Converted(ConversionReport report, String text) {

    static Converted of(Path folder, String content, TargetFormat target) {
        return of(folder, content, ReadOptions.defaults(), Converter.to(target));
    }

    static Converted of(Path folder, String content, ReadOptions options, Converter converter) {
        return of(folder, content.getBytes(StandardCharsets.UTF_8), options, converter);
    }

    static Converted of(Path folder, byte[] content, ReadOptions options, Converter converter) {
        try {
            Path in = Files.write(folder.resolve("in"), content);
            Path out = folder.resolve("out");
            Files.deleteIfExists(out);
            ConversionReport report = converter.convert(DataFiles.detect(in, options), out);
            try (var files = Files.list(folder)) {
                if (files.anyMatch(file -> file.getFileName().toString().endsWith(".part"))) {
                    throw new AssertionError("something was left beside the output");
                }
            }
            return new Converted(report, Files.exists(out) ? Files.readString(out) : "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<String> lines() {
        return text.lines().toList();
    }

    @SuppressWarnings("unchecked")
    List<Map<String, Object>> rows() {
        return lines().stream().map(line -> (Map<String, Object>) JsonValue.parse(line)).toList();
    }

    /** The problems as a person reads them. */
    List<String> problems() {
        return report.problems().stream().map(problem -> problem.code() + " " + problem).toList();
    }

    List<String> dropped() {
        return report.dropped().stream().map(ConversionReport.Dropped::toString).toList();
    }

    List<String> mapped() {
        return report.mapped().stream().map(ConversionReport.Mapped::toString).toList();
    }
}
