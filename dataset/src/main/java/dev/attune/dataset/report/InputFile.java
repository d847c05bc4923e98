package dev.attune.dataset.report;

import dev.attune.dataset.DatasetException;
import dev.attune.dataset.DatasetReader;
import dev.attune.dataset.FilePart;
import dev.attune.dataset.Problem;
import dev.attune.dataset.RowRules;
import dev.attune.dataset.Severity;
import dev.attune.dataset.format.Container;
import dev.attune.dataset.format.Converter;
import dev.attune.dataset.format.DataFiles;
import dev.attune.dataset.format.Detected;
import dev.attune.dataset.format.ReadOptions;
import dev.attune.dataset.format.SourceFormat;
import dev.attune.dataset.format.TargetFormat;
import dev.attune.dataset.target.Target;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A file as it is read for a check: chat JSON Lines by the strict reader, another known format by way of a conversion, so that
 * its rows are checked too.
 *
 * @param format what it is, in words
 * @param detected another format; empty where the strict reader is to judge
 * @param problem the one sentence about a file that is not what is trained on
 */
public record InputFile(Path file, String format, Optional<Detected> detected, Optional<Problem> problem) {
    private static final int LOOKED_AT = 64;

    /** Looks at a file; one that cannot be read is left to the strict reader, which says why. */
    public static InputFile of(Path file, Target target) {
        return of(file, target, ReadOptions.defaults());
    }

    /** Looks at a file of which something was said. */
    public static InputFile of(Path file, Target target, ReadOptions options) {
        Detected detected;
        try {
            detected = DataFiles.detect(file, options);
        } catch (DatasetException e) {
            boolean rows = !Files.isRegularFile(file) || beginsLikeRows(file);
            return new InputFile(file, rows ? "JSON Lines" : "unknown", Optional.empty(), rows
                    ? Optional.empty()
                    : Optional.of(Problem.ofFile("unknown_format", Severity.ERROR, withoutFullStop(e.getMessage()))));
        }
        boolean strict = !detected.gzip() && detected.format() == SourceFormat.CHAT
                && detected.container() instanceof Container.JsonLines;
        String format = detected.format().title() + ", " + detected.container().title()
                + (detected.gzip() ? ", gzip" : "");
        return strict || !convertible(detected)
                ? new InputFile(file, format, Optional.empty(), Optional.empty())
                : new InputFile(file, format, Optional.of(detected),
                        Optional.of(Problem.ofFile("other_format", Severity.ERROR, "the file is " + format + ", but "
                                + target.provider().title()
                                + " trains on OpenAI chat, JSON Lines; its rows were checked as what they become, and --fix OUT or attune prepare writes that")));
    }

    private static boolean convertible(Detected detected) {
        return detected.format() != SourceFormat.PREFERENCE && detected.format() != SourceFormat.REINFORCEMENT;
    }

    /** Reads the rows, and says how many there are, faulty ones included; nothing where there is no telling what they are. */
    public int read(FilePart part, RowRules rules, DatasetReader.Listener listener) {
        if (detected.isPresent()) {
            return DatasetReader.read(Converter.to(TargetFormat.CHAT).rows(detected.get()), part, rules, listener);
        }
        return problem.isPresent() ? 0 : DatasetReader.read(file, part, rules, listener);
    }

    private static boolean beginsLikeRows(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            for (byte b : in.readNBytes(LOOKED_AT)) {
                if (b == '{') {
                    return true;
                }
                if (b > ' ') {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            return true;
        }
    }

    private static String withoutFullStop(@Nullable String sentence) {
        String text = String.valueOf(sentence);
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }
}
