package dev.attune.dataset.prepare;

import dev.attune.dataset.DatasetException;
import dev.attune.dataset.Problem;
import dev.attune.dataset.format.ConversionReport;
import dev.attune.dataset.format.Converter;
import dev.attune.dataset.format.Detected;
import dev.attune.dataset.format.ReadOptions;
import dev.attune.dataset.format.TargetFormat;
import dev.attune.dataset.quality.Change;
import dev.attune.dataset.quality.FixReport;
import dev.attune.dataset.quality.Fixer;
import dev.attune.dataset.report.InputFile;
import dev.attune.dataset.target.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes a repaired copy of one file: as chat JSON Lines where it was something else, with everything put right that is safe to
 * put right, and with a byte order mark where the target asks for one. Immutable and thread-safe.
 */
public final class FileRepair {
    private static final String BLANK_LINE = "blank_line";
    private static final String UTF_16 = "utf16";
    private static final JsonMapper LOG = JsonMapper.builder().build();
    private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final Target target;
    private final Fixer fixer;
    private final ReadOptions reading;
    private final boolean skipsFaultyRows;

    private FileRepair(Target target, Fixer fixer, ReadOptions reading, boolean skipsFaultyRows) {
        this.target = target;
        this.fixer = fixer;
        this.reading = reading;
        this.skipsFaultyRows = skipsFaultyRows;
    }

    /** Puts right what leaves the meaning of the rows as it is. */
    public static FileRepair safe(Target target) {
        return new FileRepair(target, Fixer.safe(), ReadOptions.defaults(), false);
    }

    /** The same for files of which this was said. */
    public FileRepair reading(ReadOptions options) {
        return new FileRepair(target, fixer, options, skipsFaultyRows);
    }

    /** Leaves out rows that cannot be used, and names them in the report and the log; without it they stay or stop the work. */
    public FileRepair skippingFaultyRows() {
        return new FileRepair(target, fixer, reading, true);
    }

    /**
     * Also settles contradictions by count, before repeated rows go: of rows that ask the same and answer differently those with
     * the commonest answer stay.
     */
    public FileRepair settlingContradictions() {
        return new FileRepair(target, fixer.settlingContradictions(), reading, skipsFaultyRows);
    }

    /**
     * Repairs a file. The copy, and the log {@code <output>.changes.jsonl}, appear whole or not at all.
     *
     * @throws DatasetException where the file cannot be read, or rows of another format cannot become chat rows
     */
    public RepairReport repair(Path file, Path output) {
        if (!WideText.is(file)) {
            return plain(file, output);
        }
        Path narrow = output.resolveSibling(output.getFileName() + ".utf8");
        try {
            WideText.asUtf8(file, narrow);
            RepairReport report = plain(narrow, output);
            return new RepairReport(report.conversion(), noted(report.fixed(), UTF_16, List.of(0), 0));
        } catch (IOException e) {
            throw new DatasetException(file + " cannot be repaired into " + output + ": " + e, e);
        } finally {
            remove(narrow);
        }
    }

    private RepairReport plain(Path file, Path output) {
        InputFile input = InputFile.of(file, target, reading);
        if (input.detected().isEmpty()) {
            requireReadable(input);
            return new RepairReport(Optional.empty(), fix(file, output, input.preferences()));
        }
        Path converted = output.resolveSibling(output.getFileName() + ".converted");
        try {
            ConversionReport report = convert(input.detected().get(), input.preferences(), converted);
            return new RepairReport(Optional.of(report), fix(converted, output, input.preferences()));
        } finally {
            remove(converted);
        }
    }

    private static void requireReadable(InputFile input) {
        if (!Files.isRegularFile(input.file())) {
            throw new DatasetException(input.file() + " is not a file that can be read; check the path");
        }
        if (input.problem().isPresent()) {
            throw new DatasetException(input.problem().get().message());
        }
        input.foreign().ifPresent(problem -> {
            throw new DatasetException(problem.message());
        });
    }

    private ConversionReport convert(Detected detected, boolean preferences, Path converted) {
        Converter converter = Converter.to(preferences ? TargetFormat.PREFERENCE : TargetFormat.CHAT);
        ConversionReport report = (skipsFaultyRows ? converter.skippingFaultyRows() : converter).convert(detected,
                converted);
        if (report.errors() > 0 && !skipsFaultyRows) {
            List<Problem> errors = report.problems().stream().filter(Problem::isError).toList();
            throw new DatasetException(
                    "%,d problem(s) keep %s from becoming %s rows, the first: %s; mend them, or leave such rows out with --skip-faulty"
                            .formatted(report.errors(), detected.file(), preferences ? "preference" : "chat",
                                    errors.getFirst()));
        }
        return report;
    }

    private FixReport fix(Path file, Path output, boolean preferences) {
        try {
            List<Integer> blank = BlankLines.in(file);
            FixReport report = (skipsFaultyRows && !preferences ? fixer.leavingOutFaulty(target.rules()) : fixer)
                    .fix(file, output);
            boolean marked = target.limits().byteOrderMark();
            if (blank.isEmpty() && !marked) {
                return report;
            }
            Path aside = output.resolveSibling(output.getFileName() + ".finished");
            try {
                BlankLines.copyWithout(output, aside, marked ? MARK : new byte[0]);
                Files.move(aside, output, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                remove(aside);
            }
            return blank.isEmpty() ? report : noted(report, BLANK_LINE, blank, blank.size());
        } catch (IOException e) {
            throw new DatasetException(file + " cannot be repaired into " + output + ": " + e, e);
        }
    }

    /** The report, and the log, with one more code on these lines. */
    private static FixReport noted(FixReport report, String code, List<Integer> lines, int removed) throws IOException {
        var log = new ArrayList<String>();
        lines.forEach(line -> log.add(LOG.writeValueAsString(new Change(code, line, "", "", ""))));
        Files.write(report.log(), log, StandardOpenOption.APPEND);
        var changes = new LinkedHashMap<>(report.changes());
        changes.put(code, lines.size());
        return new FixReport(report.output(), report.log(), report.lines(), report.changedLines(),
                report.removedLines() + removed, changes, report.first(), report.settled());
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new DatasetException(file + " is left over and cannot be removed: " + e, e);
        }
    }
}
