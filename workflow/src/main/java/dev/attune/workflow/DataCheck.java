package dev.attune.workflow;

import dev.attune.dataset.CostEstimate;
import dev.attune.dataset.Dataset;
import dev.attune.dataset.DatasetReport;
import dev.attune.dataset.FilePart;
import dev.attune.dataset.Leak;
import dev.attune.dataset.Leakage;
import dev.attune.dataset.PriceList;
import dev.attune.dataset.Problem;
import dev.attune.dataset.RowKey;
import dev.attune.dataset.Severity;
import dev.attune.dataset.TokenCount;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Looks at all data of a recipe: what is in it, what is wrong with it, which rows two files share. Changes nothing. */
final class DataCheck {
    private final Recipe recipe;
    private final RunData data;
    private final TokenCounting tokens;

    DataCheck(Recipe recipe, RunData data, TokenCounting tokens) {
        this.recipe = recipe;
        this.data = data;
        this.tokens = tokens;
    }

    /**
     * What is in the data.
     *
     * @param report on the training file
     * @param problems what a run would stop at, each a sentence with its file and line
     * @param leaks which rows of files of one's own are known from a file before, as sentences
     */
    record Found(DatasetReport report, DataSummary summary, List<String> problems, List<String> leaks) {
        Found {
            problems = List.copyOf(problems);
            leaks = List.copyOf(leaks);
        }
    }

    Found look() {
        DatasetReport report = DatasetReport.of(data.dataset(recipe.trainFile(), FilePart.TRAINING), tokens.counter(),
                tokens.context());
        var problems = new ArrayList<String>(errors(recipe.trainFile(),
                report.problems().stream().filter(problem -> !isAllowed(problem)).toList()));
        recipe.validationFile()
                .ifPresent(f -> problems.addAll(errors(f, data.dataset(f, FilePart.VALIDATION).problems())));
        recipe.testFile().ifPresent(f -> problems.addAll(errors(f, data.dataset(f, FilePart.TEST).problems())));
        recipe.replayFile()
                .ifPresent(f -> problems.addAll(errors(f, data.dataset(f, FilePart.VALIDATION).problems())));
        List<Leak> leaks = leaks();
        return new Found(report, summary(report, leaks), problems, sentences(leaks));
    }

    private boolean isAllowed(Problem problem) {
        return recipe.data().allow().contains(problem.code());
    }

    /** Rows of files of one's own that are known from a file that is trained on or looked at before. */
    private List<Leak> leaks() {
        var group = new RowKey(recipe.data().group());
        Dataset train = data.dataset(recipe.trainFile(), FilePart.TRAINING);
        Optional<Dataset> validation = recipe.validationFile().map(f -> data.dataset(f, FilePart.VALIDATION));
        Optional<Dataset> test = recipe.testFile().map(f -> data.dataset(f, FilePart.TEST));
        var leaks = new ArrayList<Leak>();
        test.ifPresent(held -> leaks.addAll(Leakage.find(train, held, group)));
        validation.ifPresent(held -> leaks.addAll(Leakage.find(train, held, group)));
        validation.ifPresent(before -> test.ifPresent(held -> leaks.addAll(Leakage.find(before, held, group))));
        return leaks;
    }

    /** One sentence for each kind of leak between two files; the first row stands for all. */
    private static List<String> sentences(List<Leak> leaks) {
        var kinds = leaks.stream().collect(Collectors.groupingBy(
                leak -> List.of(leak.heldOut(), leak.training(), leak.kind().code()), LinkedHashMap::new,
                Collectors.toList()));
        return kinds.values().stream()
                .map(same -> same.getFirst().heldOut() + " " + same.getFirst().problem()
                        + (same.size() == 1 ? "." : "; " + same.size() + " rows of it are known in this way."))
                .toList();
    }

    /** What leaks is said first: it makes the result worthless, where other warnings only make it worse. */
    private static List<String> notes(DatasetReport report, List<Leak> leaks) {
        return Stream.concat(sentences(leaks).stream(),
                report.problems().stream().sorted(Comparator.comparing(Problem::severity)).map(Problem::toString))
                .limit(DataSummary.MOST_NOTES).toList();
    }

    private DataSummary summary(DatasetReport report, List<Leak> leaks) {
        List<String> notes = notes(report, leaks);
        boolean exact = tokens.isExact();
        return new DataSummary(recipe.data().train(), data.hash(recipe.trainFile()), report.rows(),
                exact ? report.tokens().total().total() : -1, exact ? report.tokens().trained().total() : -1,
                exact ? report.tokens().total().max() : -1, count(report, leaks, Severity.WARNING),
                count(report, leaks, Severity.ADVICE),
                notes, estimates(report));
    }

    private static int count(DatasetReport report, List<Leak> leaks, Severity severity) {
        return (int) (report.count(severity)
                + leaks.stream().filter(leak -> leak.kind().severity() == severity).count());
    }

    private List<String> estimates(DatasetReport report) {
        int epochs = recipe.tune().epochs();
        if (recipe.provider() == Provider.ATTUNE) {
            return List.of();
        }
        double share = 1 - recipe.data().split().validation() - recipe.data().split().test();
        List<TokenCount> rows = report.tokens().perRow();
        CostEstimate cost = CostEstimate.hosted(recipe.base(), rows.subList(0, (int) Math.ceil(share * rows.size())),
                epochs, PriceList.shipped());
        var sentences = new ArrayList<String>();
        sentences.add("Tuning trains " + Figures.grouped(cost.billedTokens()) + " tokens in " + cost.epochs()
                + " epochs.");
        cost.usd().ifPresent(usd -> sentences
                .add(String.format(Locale.ROOT, "That costs about %.2f USD (%s).", usd, cost.priceNote())));
        return sentences;
    }

    private static List<String> errors(Path file, List<Problem> problems) {
        return problems.stream().filter(Problem::isError)
                .map(p -> file + (p.line() > 0 ? " " : ": ") + p + (p.toString().endsWith(".") ? "" : ".")).toList();
    }
}
