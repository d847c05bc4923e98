package dev.attune.dataset.prepare;

import dev.attune.dataset.Dataset;
import dev.attune.dataset.DatasetException;
import dev.attune.dataset.DatasetReader;
import dev.attune.dataset.DatasetSplitter;
import dev.attune.dataset.FilePart;
import dev.attune.dataset.PreferenceReader;
import dev.attune.dataset.PreferenceRow;
import dev.attune.dataset.Problem;
import dev.attune.dataset.Row;
import dev.attune.dataset.RowRules;
import dev.attune.dataset.Split;
import dev.attune.dataset.SplitPlan;
import dev.attune.dataset.SplitReport;
import dev.attune.dataset.format.ConversionReport;
import dev.attune.dataset.format.Converter;
import dev.attune.dataset.format.DataFiles;
import dev.attune.dataset.format.Detected;
import dev.attune.dataset.format.SourceFormat;
import dev.attune.dataset.format.TargetFormat;
import dev.attune.dataset.quality.FixReport;
import dev.attune.dataset.quality.Fixer;
import dev.attune.dataset.quality.Repair;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes files to train on out of files of any known format: converts, repairs, splits, writes. What it makes lies in a folder
 * that appears whole or not at all. Nothing is lost that its report does not name. Immutable and thread-safe.
 */
public final class Preparation {
    private static final String UNUSED_KEY = "example_unrecognized_key";

    /** Everything that some place takes: which one it is, is not known yet. */
    private static final RowRules ANY_PLACE = new RowRules("", true, true, false);

    private final PreparePlan plan;

    public Preparation(PreparePlan plan) {
        this.plan = plan;
    }

    /**
     * Prepares.
     *
     * @param output a folder
     * @param overwrites whether files of the same names in it are replaced
     * @throws DatasetException where the folder has files, a file cannot be read, or rows cannot be used; it then names the
     *             first of them
     */
    public PrepareReport run(Path output, boolean overwrites) {
        try (var folder = OutputFolder.open(output, overwrites)) {
            List<Detected> sources = plan.inputs().stream().map(file -> DataFiles.detect(file, plan.reading()))
                    .toList();
            if (isDirect(sources)) {
                return convertOnly(sources, folder, output);
            }
            Path converted = folder.scratch("converted.jsonl");
            List<ConversionReport> conversions = convert(sources, converted, TargetFormat.CHAT);
            var leftOut = new ArrayList<Problem>();
            var rewritten = new ArrayList<Problem>();
            Path words = plan.stripsMarkup()
                    ? WebRows.strip(converted, folder.scratch("words.jsonl"), ANY_PLACE, rewritten)
                    : converted;
            Path repaired = folder.scratch("rows.jsonl");
            Fixer fixer = Fixer.of(codes());
            FixReport fixed = (plan.settlesContradictions() ? fixer.settlingContradictions() : fixer).fix(words,
                    repaired);
            leftOut.addAll(fixed.settled());
            var parts = new ArrayList<PrepareReport.Part>();
            Optional<SplitReport> split = plan.split().isPresent()
                    ? split(plan.split().get(), repaired, folder, parts, leftOut)
                    : whole(repaired, folder, parts, leftOut);
            FixReport kept = new FixReport(output, folder.keep(fixed.log(), "changes.jsonl"), fixed.lines(),
                    fixed.changedLines(), fixed.removedLines(), fixed.changes(), fixed.first(), fixed.settled());
            return written(new PrepareReport(conversions, rewritten, kept, leftOut, split, parts), folder);
        } catch (IOException e) {
            throw new DatasetException(output + " cannot be written to: " + e, e);
        }
    }

    private List<ConversionReport> convert(List<Detected> sources, Path converted, TargetFormat format) {
        Converter converter = Converter.to(format).turns(plan.turns()).keeping(plan.keptKeys());
        List<ConversionReport> reports = (plan.skipsFaultyRows() ? converter.skippingFaultyRows() : converter)
                .convert(sources, converted);
        if (!plan.skipsFaultyRows()) {
            for (ConversionReport report : reports) {
                require(report.problems().stream().filter(Problem::isError).toList(), report.source().file());
            }
        }
        return reports;
    }

    private void require(List<Problem> faults, Path file) {
        if (!faults.isEmpty() && !plan.skipsFaultyRows()) {
            throw new DatasetException(
                    "%,d row problem(s) in %s, the first: %s; mend them, or leave such rows out with --skip-faulty"
                            .formatted(faults.size(), file.getFileName(), faults.getFirst()));
        }
    }

    private Set<String> codes() {
        Set<String> codes = new LinkedHashSet<>(Fixer.codes(Repair.SAFE));
        if (plan.masksPersonalData()) {
            Fixer.codes(Repair.ON_REQUEST).stream()
                    .filter(code -> code.startsWith("pii_") || code.startsWith("secret_")).forEach(codes::add);
        }
        if (!plan.keptKeys().isEmpty()) {
            codes.remove(UNUSED_KEY);
        }
        return codes;
    }

    /** Writes all rows as one part, one by one. */
    private Optional<SplitReport> whole(Path repaired, OutputFolder folder, List<PrepareReport.Part> parts,
            List<Problem> leftOut) throws IOException {
        var faults = new ArrayList<Problem>();
        try (var train = new PartFile("train", plan, folder)) {
            DatasetReader.read(repaired, FilePart.TEST, ANY_PLACE, new DatasetReader.Listener() {
                @Override
                public void row(Row row) {
                    try {
                        train.row(row);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }

                @Override
                public void problem(Problem problem) {
                    if (problem.isError()) {
                        faults.add(problem);
                    }
                }
            });
            require(faults, repaired);
            train.finish().ifPresent(parts::add);
        } catch (UncheckedIOException e) {
            throw new IOException("the rows cannot be written", e);
        }
        leftOut.addAll(faults);
        return Optional.empty();
    }

    /** Splits the rows, which are held in memory for that, and writes the parts. */
    private Optional<SplitReport> split(SplitPlan how, Path repaired, OutputFolder folder,
            List<PrepareReport.Part> parts, List<Problem> leftOut) throws IOException {
        Dataset dataset = Dataset.read(repaired, FilePart.TEST, ANY_PLACE);
        List<Problem> faults = dataset.problems().stream().filter(Problem::isError).toList();
        require(faults, repaired);
        leftOut.addAll(faults);
        Split split = new DatasetSplitter(how).split(dataset);
        part("train", split.train(), folder, parts);
        part("validation", split.validation(), folder, parts);
        part("test", split.test(), folder, parts);
        return Optional.of(split.report());
    }

    private void part(String name, List<Row> rows, OutputFolder folder, List<PrepareReport.Part> parts)
            throws IOException {
        try (var part = new PartFile(name, plan, folder)) {
            for (Row row : rows) {
                part.row(row);
            }
            part.finish().ifPresent(parts::add);
        }
    }

    /** Whether rows that are no conversations with an answer become rows of the same kind. */
    private boolean isDirect(List<Detected> sources) {
        return switch (plan.format()) {
            case PREFERENCE -> sources.stream().allMatch(Detected::hasPairs);
            case REINFORCEMENT -> sources.stream().allMatch(source -> source.format() == SourceFormat.REINFORCEMENT);
            default -> false;
        };
    }

    private PrepareReport convertOnly(List<Detected> sources, OutputFolder folder, Path output) throws IOException {
        if (plan.split().isPresent() && plan.format() != TargetFormat.PREFERENCE || plan.stripsMarkup()
                || plan.masksPersonalData()
                || plan.settlesContradictions()) {
            throw new DatasetException(
                    (plan.format() == TargetFormat.PREFERENCE ? "" : "--split, ")
                            + "--strip-html, --mask-pii and --settle-contradictions work on rows with one answer, and these files hold "
                            + plan.format().title() + " rows; leave the options out");
        }
        if (plan.split().isPresent()) {
            return splitPairs(plan.split().get(), sources, folder, output);
        }
        String name = "train" + plan.format().ending();
        List<ConversionReport> conversions = convert(sources, folder.part(name), plan.format());
        folder.write("changes.jsonl", "");
        int rows = conversions.stream().mapToInt(ConversionReport::rowsWritten).sum();
        var report = new PrepareReport(conversions, List.of(),
                new FixReport(output, folder.path("changes.jsonl"), rows, 0, 0, Map.of(), List.of(), List.of()),
                List.of(),
                Optional.empty(), List.of(new PrepareReport.Part(folder.path(name), rows)));
        return written(report, folder);
    }

    /** Splits preference pairs by their questions and better answers, as rows with one answer are split. */
    private PrepareReport splitPairs(SplitPlan how, List<Detected> sources, OutputFolder folder, Path output)
            throws IOException {
        Path converted = folder.scratch("converted.jsonl");
        List<ConversionReport> conversions = convert(sources, converted, plan.format());
        var rows = new ArrayList<Row>();
        var faults = new ArrayList<Problem>();
        PreferenceReader.read(converted, FilePart.TEST, new PreferenceReader.Listener() {
            @Override
            public void row(PreferenceRow row) {
                rows.add(Row.of(row));
            }

            @Override
            public void problem(Problem problem) {
                if (problem.isError()) {
                    faults.add(problem);
                }
            }
        });
        require(faults, converted);
        Split split = new DatasetSplitter(how).split(new Dataset(converted, rows, List.of()));
        var parts = new ArrayList<PrepareReport.Part>();
        part("train", split.train(), folder, parts);
        part("validation", split.validation(), folder, parts);
        part("test", split.test(), folder, parts);
        folder.write("changes.jsonl", "");
        var report = new PrepareReport(conversions, List.of(), new FixReport(output, folder.path("changes.jsonl"),
                rows.size() + faults.size(), 0, 0, Map.of(), List.of(), List.of()), faults,
                Optional.of(split.report()), parts);
        return written(report, folder);
    }

    private static PrepareReport written(PrepareReport report, OutputFolder folder) throws IOException {
        folder.write("report.json", PrepareJson.of(report));
        folder.write("report.txt", String.join("\n", report.lines()) + "\n");
        folder.commit();
        return report;
    }
}
