package dev.attune.cli;

import dev.attune.dataset.DatasetException;
import dev.attune.dataset.RowKey;
import dev.attune.dataset.SplitMode;
import dev.attune.dataset.SplitPlan;
import dev.attune.dataset.format.TargetFormat;
import dev.attune.dataset.format.Turns;
import dev.attune.dataset.prepare.Preparation;
import dev.attune.dataset.prepare.PreparePlan;
import dev.attune.dataset.prepare.PrepareReport;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code attune prepare}: files to train on out of files as people have them. */
@Command(name = "prepare", mixinStandardHelpOptions = true, header = "Makes files to train on out of files as people have them.", sortOptions = false, description = {
        "Converts files of any known form (OpenAI chat, prompt/completion, ShareGPT, Alpaca, questions and answers, CSV, TSV,",
        "JSON arrays, gzip), repairs what is safe to repair, splits without leaks, and writes the parts and a report",
        "(report.txt, report.json, changes.jsonl) that names everything that was mapped, dropped and changed."}, footer = {
                "%nExamples:", "  attune prepare dump.json --out data",
                "  attune prepare export.csv --map user=question,assistant=answer --out data --split 0.8,0.1,0.1",
                "  attune prepare january.jsonl february.jsonl --out data --split 0.8,0.2 --group customer --sticky",
                "  attune prepare chats.jsonl --out data --split 0.8,0.1,0.1 --by-time created_at --mask-pii",
                "  attune prepare chats.jsonl --out alpaca --to alpaca --turns each"})
final class PrepareCommand implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "IN", description = "Files of any known form; their rows are put together.")
    List<Path> inputs = List.of();
    @Option(names = "--out", required = true, paramLabel = "DIR", description = "The folder that is made.")
    Path out = Path.of("");
    @Mixin
    ReadingOptions reading = new ReadingOptions();
    @Option(names = "--to", paramLabel = "FORMAT", defaultValue = "openai", description = "What the parts are written as: openai, prompt-completion, preference, reinforcement, sharegpt, alpaca or csv (default: ${DEFAULT-VALUE}).")
    String to = "openai";
    @Option(names = "--turns", paramLabel = "HOW", defaultValue = "WHOLE", description = "each: one row for every answer of a conversation; whole: one row for the conversation (default: whole).")
    TurnChoice turns = TurnChoice.WHOLE;
    @Option(names = "--split", paramLabel = "SHARES", description = "Shares for training, validation and test, such as 0.8,0.1,0.1; near-duplicates stay in one part.")
    Optional<String> split = Optional.empty();
    @Option(names = "--seed", paramLabel = "N", defaultValue = "0", description = "Decides which rows go where (default: 0).")
    long seed;
    @Option(names = "--group", paramLabel = "KEY", defaultValue = "", description = "Rows with the same value of this key stay in one part: a customer, a document. A key or a JSON pointer.")
    String group = "";
    @Option(names = "--stratify", paramLabel = "KEY", defaultValue = "", description = "Each value of this key stands in every part in its share (default: the label that the answers are, else length and source).")
    String stratify = "";
    @Option(names = "--sticky", description = "Rows that are added later never move those before them.")
    boolean sticky;
    @Option(names = "--by-time", paramLabel = "KEY", description = "The newest rows are the test: the key that holds a date, or seconds since 1970.")
    Optional<String> byTime = Optional.empty();
    @Option(names = "--keep", paramLabel = "KEY", split = ",", description = "Keys or columns that are written beside the format's own; others are dropped and named.")
    Set<String> keep = Set.of();
    @Option(names = "--strip-html", description = "Write messages that are HTML as their words; code stays as it is.")
    boolean stripHtml;
    @Option(names = "--mask-pii", description = "Replace personal data and secrets by stand-ins, the same for the same.")
    boolean maskPii;
    @Option(names = "--settle-contradictions", description = "Of rows that ask the same and answer differently, keep the commonest answer; where there is none, leave them out; each is named.")
    boolean settle;
    @Option(names = "--skip-faulty", description = "Leave out rows that cannot be used, and name them; without it they stop the work.")
    boolean skipFaulty;
    @Option(names = "--force", description = "Write into a folder that has files, over those of the same names.")
    boolean force;

    /** What becomes of conversations with several answers. */
    enum TurnChoice {
        EACH, WHOLE
    }

    @Override
    public Integer call() {
        try (var piped = new PipedFiles(Optional.empty())) {
            inputs = piped.of(inputs);
            inputs.forEach(TuneCommand::requireFile);
            PreparePlan plan = plan();
            PrepareReport report = new Preparation(plan).run(out, force);
            new PrepareView(Screen.standardOutput()).print(report, out);
            return 0;
        }
    }

    private PreparePlan plan() {
        try {
            return new PreparePlan(inputs, reading.options(),
                    turns == TurnChoice.EACH ? Turns.EACH_ANSWER : Turns.WHOLE, split.map(this::splitPlan),
                    TargetFormat.of(to), keep, stripHtml, maskPii, settle, skipFaulty);
        } catch (DatasetException e) {
            throw new CommandException(String.valueOf(e.getMessage()), CommandException.USAGE);
        }
    }

    private SplitPlan splitPlan(String text) {
        double[] shares = shares(text);
        SplitPlan plan = SplitPlan.of(shares[1], shares.length > 2 ? shares[2] : 0, seed).groupedBy(new RowKey(group))
                .stratifiedBy(new RowKey(stratify));
        if (!stratify.isEmpty() && (sticky || byTime.isPresent())) {
            throw new CommandException("--stratify goes with neither --sticky nor --by-time: choose one",
                    CommandException.USAGE);
        }
        if (sticky && byTime.isPresent()) {
            throw new CommandException("--sticky and --by-time exclude each other: choose one",
                    CommandException.USAGE);
        }
        return sticky
                ? plan.withMode(new SplitMode.Sticky())
                : byTime.map(key -> plan.withMode(new SplitMode.Temporal(new RowKey(key)))).orElse(plan);
    }

    private static double[] shares(String text) {
        try {
            double[] shares = Arrays.stream(text.split(",", -1)).mapToDouble(Double::parseDouble).toArray();
            if ((shares.length == 2 || shares.length == 3) && Math.abs(Arrays.stream(shares).sum() - 1) < 1e-6) {
                return shares;
            }
        } catch (NumberFormatException e) {
            // falls through to the sentence
        }
        throw new CommandException("--split needs two or three shares that add up to 1, such as 0.8,0.1,0.1; '" + text
                + "' is not that", CommandException.USAGE);
    }
}
