package dev.attune.dataset.prepare;

import dev.attune.dataset.Dataset;
import dev.attune.dataset.DatasetException;
import dev.attune.dataset.DatasetSplitter;
import dev.attune.dataset.FilePart;
import dev.attune.dataset.Problem;
import dev.attune.dataset.Row;
import dev.attune.dataset.RowRules;
import dev.attune.dataset.Settlement;
import dev.attune.dataset.Split;
import dev.attune.dataset.SplitReport;
import dev.attune.dataset.format.ConversionReport;
import dev.attune.dataset.format.Converter;
import dev.attune.dataset.format.DataFiles;
import dev.attune.dataset.format.Detected;
import dev.attune.dataset.format.TargetFormat;
import dev.attune.dataset.quality.FixReport;
import dev.attune.dataset.quality.Fixer;
import dev.attune.dataset.quality.Repair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes files to train on out of files of any known format: converts, repairs, splits, writes. What it makes lies in a folder
 * that appears whole or not at all. Nothing is lost that its report does not name. Immutable and thread-safe.
 */
public final class Preparation {
    private static final String UNUSED_KEY = "example_unrecognized_key";

    /** Everything that some place takes: which one it is, is not known yet. */
    private static final RowRules ANY_PLACE = new RowRules("", true, true);

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
            Path converted = folder.scratch("converted.jsonl");
            List<ConversionReport> conversions = convert(sources, converted);
            var leftOut = new ArrayList<Problem>();
            var rewritten = new ArrayList<Problem>();
            Path words = plan.stripsMarkup()
                    ? WebRows.strip(converted, folder.scratch("words.jsonl"), ANY_PLACE, rewritten)
                    : converted;
            Path settled = plan.settlesContradictions()
                    ? settle(words, folder.scratch("settled.jsonl"), leftOut)
                    : words;
            Path repaired = folder.scratch("rows.jsonl");
            FixReport fixed = Fixer.of(codes()).fix(settled, repaired);
            Dataset dataset = Dataset.read(repaired, FilePart.TEST, ANY_PLACE);
            List<Problem> faults = dataset.problems().stream().filter(Problem::isError).toList();
            require(faults, repaired);
            leftOut.addAll(faults);
            var parts = new ArrayList<PrepareReport.Part>();
            Optional<SplitReport> split = write(dataset, folder, parts);
            FixReport kept = new FixReport(output, folder.keep(fixed.log(), "changes.jsonl"), fixed.lines(),
                    fixed.changedLines(), fixed.removedLines(), fixed.changes(), fixed.first());
            var report = new PrepareReport(conversions, rewritten, kept, leftOut, split, parts);
            folder.write("report.json", PrepareJson.of(report));
            folder.write("report.txt", String.join("\n", report.lines()) + "\n");
            folder.commit();
            return report;
        } catch (IOException e) {
            throw new DatasetException(output + " cannot be written to: " + e, e);
        }
    }

    /** Copies all lines but those of rows that a contradiction leaves out: before duplicates go, so that they count. */
    private static Path settle(Path rows, Path settled, List<Problem> leftOut) throws IOException {
        leftOut.addAll(Settlement.of(Dataset.read(rows, FilePart.TEST, ANY_PLACE).rows()).leftOut());
        Set<Integer> lines = leftOut.stream().map(Problem::line).collect(Collectors.toSet());
        try (var in = Files.newBufferedReader(rows); var out = Files.newBufferedWriter(settled)) {
            int number = 0;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (!lines.contains(++number)) {
                    out.write(line);
                    out.write('\n');
                }
            }
        }
        return settled;
    }

    private List<ConversionReport> convert(List<Detected> sources, Path converted) {
        Converter converter = Converter.to(TargetFormat.CHAT).turns(plan.turns()).keeping(plan.keptKeys());
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

    private Optional<SplitReport> write(Dataset dataset, OutputFolder folder, List<PrepareReport.Part> parts)
            throws IOException {
        if (plan.split().isEmpty()) {
            part("train", dataset.rows(), folder, parts);
            return Optional.empty();
        }
        Split split = new DatasetSplitter(plan.split().get()).split(dataset);
        part("train", split.train(), folder, parts);
        part("validation", split.validation(), folder, parts);
        part("test", split.test(), folder, parts);
        return Optional.of(split.report());
    }

    private void part(String name, List<Row> rows, OutputFolder folder, List<PrepareReport.Part> parts)
            throws IOException {
        if (rows.isEmpty()) {
            return;
        }
        Set<String> without = plan.unwrittenKeys();
        var lines = new ArrayList<String>(rows.size() + 1);
        for (Row row : rows) {
            lines.add(without.isEmpty() ? row.json() : PrepareJson.line(without(row.raw(), without)));
        }
        lines.add("");
        String fileName = name + plan.format().ending();
        if (plan.format() == TargetFormat.CHAT) {
            folder.write(fileName, String.join("\n", lines));
        } else {
            Path chat = folder.scratch(name + "-chat.jsonl");
            Files.writeString(chat, String.join("\n", lines));
            Converter.to(plan.format()).convert(DataFiles.detect(chat), folder.part(fileName));
        }
        parts.add(new PrepareReport.Part(folder.path(fileName), rows.size()));
    }

    private static Map<String, Object> without(Map<String, Object> row, Set<String> keys) {
        var map = new LinkedHashMap<>(row);
        map.keySet().removeAll(keys);
        return map;
    }
}
