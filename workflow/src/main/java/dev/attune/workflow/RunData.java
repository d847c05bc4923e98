package dev.attune.workflow;

import dev.attune.dataset.Dataset;
import dev.attune.dataset.DatasetException;
import dev.attune.dataset.DatasetSplitter;
import dev.attune.dataset.FilePart;
import dev.attune.dataset.PreferenceReader;
import dev.attune.dataset.PreferenceRow;
import dev.attune.dataset.Problem;
import dev.attune.dataset.Row;
import dev.attune.dataset.RowKey;
import dev.attune.dataset.Split;
import dev.attune.dataset.SplitPlan;
import dev.attune.workflow.WorkflowException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The files of a run: those that the recipe names, and the parts in the state folder. Each named file is read and hashed
 * once. Not thread-safe.
 */
final class RunData {
    private final Recipe recipe;
    private final Path parts;
    private final Map<Path, Dataset> read = new HashMap<>();
    private final Map<Path, String> hashes = new HashMap<>();

    RunData(Recipe recipe, Path stateDir) {
        this.recipe = recipe;
        this.parts = stateDir.resolve("data");
    }

    Path train() {
        return parts.resolve("train.jsonl");
    }

    Path validation() {
        return parts.resolve("validation.jsonl");
    }

    Path test() {
        return parts.resolve("test.jsonl");
    }

    /** The hash of a file that the recipe names; {@code missing} where there is none to hash. */
    String hash(Path file) {
        return hashes.computeIfAbsent(file, f -> Files.isRegularFile(f) ? Fingerprint.of(f) : "missing");
    }

    String hash(Optional<Path> file) {
        return file.map(this::hash).orElse("");
    }

    Dataset dataset(Path file, FilePart part) {
        return read.computeIfAbsent(file, f -> MeasuringKeys.of(recipe).excused(rows(f, part)));
    }

    /** Conversations, or preference pairs as the conversation with the better answer. */
    private Dataset rows(Path file, FilePart part) {
        if (!recipe.tune().settings().learnsPairs()) {
            return Dataset.read(file, part);
        }
        var rows = new ArrayList<Row>();
        var problems = new ArrayList<Problem>();
        PreferenceReader.read(file, part, new PreferenceReader.Listener() {
            @Override
            public void row(PreferenceRow row) {
                rows.add(Row.of(row));
            }

            @Override
            public void problem(Problem problem) {
                problems.add(problem);
            }
        });
        return new Dataset(file, rows, problems);
    }

    /** Splits what is not given as a file, and writes all parts; what is only measured by is taken off those that are sent. */
    Split split() {
        Split all = cut();
        try {
            for (Path old : List.of(train(), validation(), test())) {
                Files.deleteIfExists(old);
            }
            MeasuringKeys keys = MeasuringKeys.of(recipe);
            new Split(all.train().stream().map(keys::off).toList(), all.validation().stream().map(keys::off).toList(),
                    all.test(), all.report()).write(parts);
            return all;
        } catch (DatasetException e) {
            throw new WorkflowException(Code.DATA_INVALID, String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new WorkflowException(Code.IO,
                    "The parts in " + parts + " cannot be replaced (" + e.getMessage() + ").", e);
        }
    }

    /** The parts as the recipe wants them, written nowhere. */
    Split cut() {
        var shares = recipe.data().split();
        Dataset source = dataset(recipe.trainFile(), FilePart.TRAINING);
        try {
            Split cut = new DatasetSplitter(SplitPlan.of(shares.validation(), shares.test(), recipe.data().seed())
                    .groupedBy(new RowKey(recipe.data().group()))).split(source);
            List<Row> validation = recipe.validationFile().map(f -> dataset(f, FilePart.VALIDATION).rows())
                    .orElse(cut.validation());
            List<Row> test = recipe.testFile().map(f -> dataset(f, FilePart.TEST).rows()).orElse(cut.test());
            var notes = new ArrayList<String>();
            note(notes, recipe.testFile(), "test", test, cut.train());
            note(notes, recipe.validationFile(), "validation", validation, cut.train());
            return cut.holdingOut(validation, test, notes);
        } catch (DatasetException e) {
            throw new WorkflowException(Code.DATA_INVALID, String.valueOf(e.getMessage()), e);
        }
    }

    /** Whether the parts are as the split step left them. */
    boolean holds(SplitSummary split) {
        return hashOfPart(train()).equals(split.trainSha256())
                && hashOfPart(validation()).equals(split.validationSha256())
                && hashOfPart(test()).equals(split.testSha256());
    }

    SplitSummary summary(Split split) {
        return new SplitSummary(split.train().size(), split.validation().size(), split.test().size(),
                hashOfPart(train()),
                hashOfPart(validation()), hashOfPart(test()));
    }

    /** All held-out rows. */
    List<Row> testRows() {
        return rows(test(), FilePart.TEST).rows();
    }

    private static String hashOfPart(Path file) {
        return Files.isRegularFile(file) ? Fingerprint.of(file) : "";
    }

    /** What is measured should not have been trained on; a file of one's own is taken as it is, but not in silence. */
    private static void note(List<String> notes, Optional<Path> file, String part, List<Row> rows, List<Row> train) {
        if (file.isEmpty()) {
            return;
        }
        Set<String> trained = train.stream().map(RunData::question).collect(Collectors.toSet());
        long both = rows.stream().filter(row -> trained.contains(question(row))).count();
        if (both > 0) {
            notes.add(
                    both + " of " + rows.size() + " " + part + " rows ask what a training row asks too, so the " + part
                            + " result is too good; remove them from one of the two files.");
        }
    }

    private static String question(Row row) {
        return row.input().stream()
                .map(m -> m.role() + "\n" + m.content().strip().toLowerCase(Locale.ROOT).replaceAll("\\s+", " "))
                .collect(Collectors.joining("\n\n"));
    }
}
