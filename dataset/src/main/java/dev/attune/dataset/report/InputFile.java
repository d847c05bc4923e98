package dev.attune.dataset.report;

import dev.attune.dataset.DatasetException;
import dev.attune.dataset.DatasetReader;
import dev.attune.dataset.FilePart;
import dev.attune.dataset.ForeignFile;
import dev.attune.dataset.ParallelRows;
import dev.attune.dataset.PreferenceReader;
import dev.attune.dataset.PreferenceRow;
import dev.attune.dataset.Problem;
import dev.attune.dataset.Row;
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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A file as it is read for a check: chat JSON Lines by the strict reader, another known format by way of a conversion, so that
 * its rows are checked too. Preference pairs are checked as such; what is told as a row is then the question with the better
 * answer.
 *
 * @param format what it is, in words
 * @param detected what a repair converts first: another format, or pairs with their older keys; otherwise empty
 * @param problem the one sentence about a file that is not what is trained on; without it the strict reader judges the rows
 * @param preferences whether it is read as preference pairs
 */
public record InputFile(Path file, String format, Optional<Detected> detected, Optional<Problem> problem,
        boolean preferences) {
    private static final int LOOKED_AT = 64;
    private static final int MAGIC = 4;
    private static final List<String> PAIRS = List.of("preferred_output'", "preferred_completion'");
    private static final String OLDER = "_completion'";

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
            boolean rows = !Files.isRegularFile(file)
                    || foreign(file).filter(one -> !one.code().equals("gzip")).isPresent() || beginsLikeRows(file);
            return new InputFile(file, rows ? "JSON Lines" : "unknown", Optional.empty(), rows
                    ? Optional.empty()
                    : Optional.of(Problem.ofFile("unknown_format", Severity.ERROR, withoutFullStop(e.getMessage()))),
                    false);
        }
        boolean preferences = detected.hasPairs();
        boolean strict = !detected.gzip() && detected.container() instanceof Container.JsonLines
                && (preferences
                        ? PAIRS.stream().anyMatch(detected.evidence()::contains)
                        : detected.format() == SourceFormat.CHAT);
        String format = detected.format().title() + ", " + detected.container().title()
                + (detected.gzip() ? ", gzip" : "");
        return strict || !preferences && !convertible(detected)
                ? new InputFile(file, format, preferences && detected.evidence().contains(OLDER)
                        ? Optional.of(detected)
                        : Optional.empty(), Optional.empty(), preferences)
                : new InputFile(file, format, Optional.of(detected),
                        Optional.of(Problem.ofFile("other_format", Severity.ERROR, "the file is " + format + ", but "
                                + target.provider().title() + " trains on JSON Lines with "
                                + (preferences
                                        ? "'input', 'preferred_output' and 'non_preferred_output'"
                                        : "'messages'")
                                + "; its rows were checked as what they become, and --fix OUT or attune prepare"
                                + (preferences ? " --to preference" : "") + " writes that"
                                + (detected.container() instanceof Container.JsonArray
                                        ? "; where rows share a line, their lines are their places in the array"
                                        : ""))),
                        preferences);
    }

    private static boolean convertible(Detected detected) {
        return detected.format() != SourceFormat.PREFERENCE && detected.format() != SourceFormat.REINFORCEMENT;
    }

    /** Whether the rows are read by way of a conversion. */
    private boolean isConverted() {
        return detected.isPresent() && problem.isPresent();
    }

    /** Reads the rows, and says how many there are, faulty ones included; nothing where there is no telling what they are. */
    public int read(FilePart part, RowRules rules, DatasetReader.Listener listener) {
        if (preferences) {
            var pairs = new Pairs(listener);
            return isConverted()
                    ? PreferenceReader.read(Converter.to(TargetFormat.PREFERENCE).rows(detected.orElseThrow()), part,
                            pairs)
                    : PreferenceReader.read(file, part, pairs);
        }
        if (isConverted()) {
            return DatasetReader.read(Converter.to(TargetFormat.CHAT).rows(detected.orElseThrow()), part, rules,
                    listener);
        }
        return problem.isPresent() ? 0 : DatasetReader.read(file, part, rules, listener);
    }

    /** The same on all cores: rows are looked at by several threads and told in the file's order. */
    public int read(FilePart part, RowRules rules, ParallelRows.Looker looker) {
        return preferences || isConverted() || problem.isPresent()
                ? ParallelRows.read(listener -> read(part, rules, listener), looker)
                : ParallelRows.read(file, part, rules, looker);
    }

    /** Tells the question with the better answer as a row. */
    private record Pairs(DatasetReader.Listener listener) implements PreferenceReader.Listener {
        @Override
        public void row(PreferenceRow row) {
            listener.row(Row.of(row));
        }

        @Override
        public void problem(Problem problem) {
            listener.problem(problem);
        }
    }

    /** The one sentence about a file whose first bytes are not text in UTF-8. */
    public Optional<Problem> foreign() {
        return foreign(file);
    }

    private static Optional<Problem> foreign(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return Optional.ofNullable(ForeignFile.recognise(file.toString(), in.readNBytes(MAGIC)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Whether nothing stands in a file's beginning but white space, or an object that begins a line and goes on in it. */
    private static boolean beginsLikeRows(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            String start = new String(in.readNBytes(LOOKED_AT), StandardCharsets.ISO_8859_1).stripLeading();
            return start.isEmpty() || start.startsWith("{") && !start.substring(1).isBlank()
                    && !start.lines().findFirst().orElse("").strip().equals("{");
        } catch (IOException e) {
            return true;
        }
    }

    private static String withoutFullStop(@Nullable String sentence) {
        String text = String.valueOf(sentence);
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }
}
