package dev.attune.dataset.quality;

import dev.attune.dataset.AnswerVotes;
import dev.attune.dataset.DatasetException;
import dev.attune.dataset.DatasetReader;
import dev.attune.dataset.Duplicates;
import dev.attune.dataset.Problem;
import dev.attune.dataset.Row;
import dev.attune.dataset.RowRules;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes a repaired copy of a chat JSONL file and a log of what it changed. Lines that need nothing, and what lies between
 * the changes of a line, keep their bytes; a line that is not JSON is left to a person. Fixing a fixed file changes nothing,
 * and it has none of the fixed problems any more. Memory does not grow with the file but for 16 bytes a row where
 * duplicates are removed, and for the values that are masked. Thread-safe: each file is repaired on its own.
 */
public final class Fixer {
    private static final CheckKind BYTE_ORDER_MARK = CheckKind.advice("byte_order_mark", "a byte order mark",
            "save the file as UTF-8 without it",
            "Three bytes before the first line that some programs take for a part of it; UTF-8 does not need them.")
            .fixed(Repair.SAFE);
    private static final CheckKind CRLF = CheckKind.advice("crlf_line_end", "line ends of Windows",
            "end lines with LF alone",
            "JSON Lines ends a line with LF; most programs take CRLF too, but files compare as different line by line.")
            .fixed(Repair.SAFE);
    private static final CheckKind DUPLICATE = CheckKind.warning("duplicate_row", "a row that repeats an earlier one",
            "keep one, unless it should weigh more",
            "A repeated row is trained more often than the others and is learned by heart; in a test set it counts twice. Rows are the same where question and answer are, but for case, white space and the layout of JSON.")
            .fixed(Repair.SAFE);

    /** The kinds that are found elsewhere and fixed here. */
    static final List<CheckKind> FURTHER_KINDS = furtherKinds();

    private static final String FAULTY = "faulty_row";

    /** Everything that some place takes: where the rows will be trained is not known here. */
    private static final RowRules ANY_PLACE = new RowRules("", true, true, false);

    private final Set<String> codes;
    private final @Nullable RowRules required;
    private final boolean settles;

    private Fixer(Set<String> codes, @Nullable RowRules required, boolean settles) {
        this.codes = codes;
        this.required = required;
        this.settles = settles;
    }

    /** Fixes all that is safe to fix. */
    public static Fixer safe() {
        return new Fixer(codes(Repair.SAFE), null, false);
    }

    /**
     * Fixes the problems with the given codes, and no others.
     *
     * @throws DatasetException where there is no fix for one of them
     */
    public static Fixer of(Collection<String> codes) {
        Set<String> known = codes(Repair.SAFE);
        known.addAll(codes(Repair.ON_REQUEST));
        for (String code : codes) {
            if (!known.contains(code)) {
                throw new DatasetException("There is no fix for '" + code + "'; there is one for "
                        + String.join(", ", known) + ".");
            }
        }
        return new Fixer(new LinkedHashSet<>(codes), null, false);
    }

    /** The same, leaving out rows that cannot be trained on by these rules once they are fixed; the log has them. */
    public Fixer leavingOutFaulty(RowRules rules) {
        return new Fixer(codes, rules, settles);
    }

    /**
     * The same, leaving out rows that contradict others, by count: rows are counted as they are once they are mended, and before
     * those that repeat others go. Reads the file twice.
     */
    public Fixer settlingContradictions() {
        return new Fixer(codes, required, true);
    }

    /** The codes that have a fix of one sort, in the order in which they are shown. */
    public static Set<String> codes(Repair repair) {
        return QualityChecks.kinds().stream().filter(kind -> kind.repair() == repair).map(CheckKind::code)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /**
     * Repairs a file. The copy and its log, {@code <output>.changes.jsonl}, are written aside and renamed, so they are
     * whole or not there.
     *
     * @param output the copy; it may be the file itself
     * @throws DatasetException where the file cannot be read or the copy cannot be written
     */
    public FixReport fix(Path file, Path output) {
        Path log = output.resolveSibling(output.getFileName() + ".changes.jsonl");
        Path copyAside = output.resolveSibling(output.getFileName() + ".part");
        Path logAside = log.resolveSibling(log.getFileName() + ".part");
        try {
            FixReport report;
            var votes = settles ? votes(file) : new AnswerVotes();
            try (InputStream in = Files.newInputStream(file);
                    OutputStream out = new BufferedOutputStream(Files.newOutputStream(copyAside), 1 << 16);
                    var changes = new ChangeLog(logAside)) {
                report = new Pass(changes, votes, false).run(in, out, output, log);
            }
            Files.move(copyAside, output, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            Files.move(logAside, log, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            return report;
        } catch (IOException | UncheckedIOException e) {
            throw new DatasetException(file + " cannot be repaired into " + output + ": " + e.getMessage(), e);
        } finally {
            remove(copyAside);
            remove(logAside);
        }
    }

    /** The answers of all rows as they are once they are mended. */
    private AnswerVotes votes(Path file) throws IOException {
        var votes = new AnswerVotes();
        try (InputStream in = Files.newInputStream(file); var nowhere = ChangeLog.nowhere()) {
            new Pass(nowhere, votes, true).run(in, OutputStream.nullOutputStream(), file, file);
        }
        return votes;
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new DatasetException(file + " is left over and cannot be removed: " + e.getMessage(), e);
        }
    }

    private static List<CheckKind> furtherKinds() {
        var kinds = new ArrayList<CheckKind>(List.of(DUPLICATE));
        kinds.addAll(StructureRepair.KINDS);
        kinds.addAll(List.of(BYTE_ORDER_MARK, CRLF));
        return List.copyOf(kinds);
    }

    /** The way through one file. */
    private final class Pass {
        private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

        private final ChangeLog log;
        private final StructureRepair structure = new StructureRepair(codes);
        private final TextPass texts = new TextPass(
                TextRepairs.ALL.stream().filter(repair -> codes.contains(repair.kind().code())).toList(),
                new Pseudonyms(Sensitive.ALL.stream().filter(data -> codes.contains(data.kind().code())).toList()));
        private final SeenRows seen = new SeenRows();
        private final AnswerVotes votes;
        private final boolean counts;
        private final List<Problem> settled = new ArrayList<>();
        private int number;
        private int changed;
        private int removed;

        /** @param counts whether rows are only counted for the votes, so that none is judged and none repeats another */
        Pass(ChangeLog log, AnswerVotes votes, boolean counts) {
            this.log = log;
            this.votes = votes;
            this.counts = counts;
        }

        FixReport run(InputStream in, OutputStream out, Path output, Path logFile) throws IOException {
            var lines = new RawLines(in);
            boolean begins = true;
            for (RawLines.RawLine line = lines.next(); line != null; line = lines.next()) {
                number += begins ? 1 : 0;
                byte[] repaired = line.whole() ? line(line.bytes()) : line.bytes();
                begins = line.last();
                if (repaired == null) {
                    removed++;
                    continue;
                }
                changed += repaired == line.bytes() ? 0 : 1;
                out.write(repaired);
            }
            return new FixReport(output, logFile, number, changed, removed, log.counts(), log.first(), settled);
        }

        /** The line as it is written: the same array where nothing changed, null where it is left out. */
        private byte @Nullable [] line(byte[] bytes) {
            int start = number == 1 && codes.contains(BYTE_ORDER_MARK.code()) && startsWithMark(bytes) ? 3 : 0;
            int end = bytes.length;
            int stop = end > start && bytes[end - 1] == '\n' ? end - 1 : end;
            boolean carriage = stop < end && stop > start && bytes[stop - 1] == '\r';
            String lineEnd = stop == end ? "" : carriage && !codes.contains(CRLF.code()) ? "\r\n" : "\n";
            stop -= carriage ? 1 : 0;
            if (start > 0) {
                log.removed(BYTE_ORDER_MARK.code(), number, "", "U+FEFF");
            }
            if (carriage && lineEnd.length() == 1) {
                log.changed(CRLF.code(), number, "", "CRLF", "LF");
            }
            boolean ends = start > 0 || carriage && lineEnd.length() == 1;
            int textStart = start == 0 && number == 1 && startsWithMark(bytes) ? 3 : start;
            String text = decode(bytes, textStart, stop);
            String next = text == null || text.isBlank() ? text : text(text);
            if (text == null && required != null) {
                log.removed(FAULTY, number, "", "");
                return null;
            }
            if (next == null && text != null) {
                return null;
            }
            if (text == null || next == null || next.equals(text)) {
                return ends ? concatenate(bytes, start, stop, lineEnd) : bytes;
            }
            byte[] content = next.getBytes(StandardCharsets.UTF_8);
            byte[] head = textStart > start ? MARK : new byte[0];
            var whole = ByteBuffer.allocate(head.length + content.length + lineEnd.length());
            return whole.put(head).put(content).put(lineEnd.getBytes(StandardCharsets.US_ASCII)).array();
        }

        private static boolean startsWithMark(byte[] bytes) {
            return bytes.length >= 3 && bytes[0] == MARK[0] && bytes[1] == MARK[1] && bytes[2] == MARK[2];
        }

        private static byte[] concatenate(byte[] bytes, int start, int stop, String lineEnd) {
            return ByteBuffer.allocate(stop - start + lineEnd.length()).put(bytes, start, stop - start)
                    .put(lineEnd.getBytes(StandardCharsets.US_ASCII)).array();
        }

        private static @Nullable String decode(byte[] bytes, int start, int stop) {
            try {
                return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, start, stop - start))
                        .toString();
            } catch (CharacterCodingException e) {
                return null;
            }
        }

        /** The text of a line, mended; null where it is left out. */
        private @Nullable String text(String line) {
            var read = new Reading();
            DatasetReader.line(number, line, read);
            String mended = structure.repaired(number, line, read.problems, log);
            mended = texts.repaired(number, mended, log);
            if (!codes.contains(DUPLICATE.code()) && required == null && !settles) {
                return mended;
            }
            if (!mended.equals(line) || required != null || read.row == null) {
                read = new Reading();
                DatasetReader.line(number, mended, required == null ? ANY_PLACE : required, read);
            }
            if (required != null && (read.row == null || read.problems.stream().anyMatch(Problem::isError))) {
                log.removed(FAULTY, number, read.problems.isEmpty() ? "" : read.problems.getFirst().pointer(), line);
                return null;
            }
            return read.row == null || stays(read.row, mended) ? mended : null;
        }

        /** Whether a row neither contradicts others nor repeats one; the log says so where it does. */
        private boolean stays(Row row, String line) {
            if (counts) {
                votes.add(row);
                return true;
            }
            Optional<Problem> verdict = votes.verdict(row);
            if (verdict.isPresent()) {
                settled.add(verdict.get());
                log.removed(verdict.get().code(), number, "", line);
                return false;
            }
            if (!codes.contains(DUPLICATE.code()) || seen.add(Duplicates.key(row))) {
                return true;
            }
            log.removed(DUPLICATE.code(), number, "", line);
            return false;
        }
    }

    private static final class Reading implements DatasetReader.Listener {
        private final List<Problem> problems = new ArrayList<>();
        private @Nullable Row row;

        @Override
        public void row(Row found) {
            row = found;
        }

        @Override
        public void problem(Problem problem) {
            problems.add(problem);
        }
    }
}
