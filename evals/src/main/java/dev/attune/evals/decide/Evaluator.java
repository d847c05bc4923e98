package dev.attune.evals.decide;

import dev.attune.evals.PairedComparison;
import dev.attune.evals.judge.AnswerStyle;
import dev.attune.evals.judge.Calibration;
import dev.attune.evals.judge.JudgeScorer;
import dev.attune.evals.judge.Judges;
import dev.attune.evals.judge.PairwiseJudge;
import dev.attune.evals.judge.PairwiseResult;
import dev.attune.evals.run.Asker;
import dev.attune.evals.run.ChatModel;
import dev.attune.evals.run.EvalRun;
import dev.attune.evals.run.EvalRun.Sampling;
import dev.attune.evals.run.ModelResult;
import dev.attune.evals.run.Question;
import dev.attune.evals.run.QuestionFile;
import dev.attune.evals.run.ScoredRow;
import dev.attune.evals.score.Scorers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/**
 * A whole evaluation: asks one model or two the same questions, scores, compares, holds judges against people, and decides.
 * In three lines of a test:
 *
 * <pre>{@code
 * EvalReport report = new Evaluator(plan, asker, (what, done, all) -> {}).run(file, model, Optional.of(base));
 * assertEquals(Decision.Verdict.PASSED, report.decision().verdict(), report.decision().toString());
 * }</pre>
 */
public final class Evaluator {
    private static final int LEAST_TOKENS = 64;
    private static final int MOST_TOKENS = 1024;
    private static final int MOST_NAMED = 5;

    private final EvalPlan plan;
    private final Asker asker;
    private final EvalRun runs;

    public Evaluator(EvalPlan plan, Asker asker, EvalRun.Progress progress) {
        this.plan = plan;
        this.asker = asker;
        this.runs = new EvalRun(asker, progress);
    }

    /**
     * The most requests that this will send, tries again left out.
     *
     * @param questions how many are asked
     */
    public static long calls(EvalPlan plan, int questions) {
        long rows = plan.maxRows() == 0 ? questions : Math.min(plan.maxRows(), questions);
        int models = plan.against().isEmpty() ? 1 : 2;
        long judged = plan.scorers().stream()
                .mapToLong(scorer -> Judges.in(scorer).stream().mapToLong(JudgeScorer::callsPerRow).sum()).sum();
        long general = plan.gate().stream().anyMatch(GateRule.General.class::isInstance)
                ? (long) models * GeneralSet.size()
                : 0;
        long stress = plan.gate().stream().mapToLong(rule -> StressTest.calls(rule, rows)).sum();
        long calibration = plan.scorers().stream()
                .mapToLong(scorer -> Judges.in(scorer).stream().mapToLong(JudgeScorer::calibrationCalls).sum()).sum();
        return (rows * plan.sampling().repeats() * models + stress) * (1 + judged) + general + calibration
                + (plan.pairwise().isPresent() ? 2 * rows : 0);
    }

    /** What the questions and answers of a run cost at most, by four letters a token; −1 where a price is not known. */
    public static double usd(EvalPlan plan, QuestionFile file) {
        double usd = 0;
        for (String model : plan.against().isEmpty() ? List.of(plan.model()) : List.of(plan.model(), plan.against())) {
            long letters = 0;
            List<Question> asked = asked(plan, file);
            for (Question question : asked) {
                letters += question.messages().toString().length() + question.tools().toString().length();
            }
            double cost = plan.limits().usd(model, letters / 4, (long) asked.size() * maxTokens(plan, file));
            if (cost < 0) {
                return -1;
            }
            usd += cost * plan.sampling().repeats();
        }
        return usd;
    }

    public EvalReport run(QuestionFile file, ChatModel tuned, Optional<ChatModel> base) throws InterruptedException {
        List<Question> questions = asked(plan, file);
        var sampling = new Sampling(plan.sampling().temperature(), maxTokens(plan, file), plan.sampling().repeats());
        try {
            ModelResult mine = runs.run(tuned, questions, sampling, plan.scorers());
            Optional<ModelResult> other = Optional.empty();
            if (base.isPresent()) {
                other = Optional.of(runs.run(base.get(), questions, sampling, plan.scorers()));
            }
            return report(file, mine, other, tuned, base, sampling);
        } finally {
            plan.scorers().forEach(Scorers::close);
        }
    }

    private EvalReport report(QuestionFile file, ModelResult mine, Optional<ModelResult> other, ChatModel tuned,
            Optional<ChatModel> base, Sampling sampling) throws InterruptedException {
        var measured = new Measured(mine, other, plan.cluster(), plan.seed());
        List<ScorerResult> scorers = measured.scorers();
        Optional<GeneralResult> general = Optional.empty();
        if (base.isPresent() && plan.gate().stream().anyMatch(GateRule.General.class::isInstance)) {
            general = Optional.of(GeneralSet.compare(runs, tuned, base.get(), plan.seed()));
        }
        Map<String, Optional<Calibration>> judges = calibrations();
        Optional<StressResult> stress = plan.gate().stream()
                .anyMatch(r -> r instanceof GateRule.Robustness || r instanceof GateRule.Bias)
                        ? Optional.of(new StressTest(plan, runs, sampling).run(mine, tuned))
                        : Optional.empty();
        Decision decision = new Gate(measured, mine, other, scorers).decide(plan.gate(), plan.slices(), general, judges,
                stress);
        Optional<PairwiseResult> pairwise = Optional.empty();
        if (plan.pairwise().isPresent() && other.isPresent()) {
            pairwise = Optional.of(pairs(plan.pairwise().get(), mine, other.get()));
        }
        var known = new LinkedHashMap<String, Calibration>();
        judges.forEach((name, calibration) -> calibration.ifPresent(c -> known.put(name, c)));
        String title = plan.model() + (plan.against().isEmpty() ? "" : " against " + plan.against()) + " on "
                + file.file().getFileName();
        return new EvalReport(title, mine, other, scorers, labels(mine, other),
                plan.scorers().isEmpty() ? List.of() : measured.slices(0, plan.slices()),
                general, known, corrected(known, mine, other), stress, pairwise, notes(file, mine, other, scorers),
                plan.seed(), decision);
    }

    /** Every question that both answered, once. */
    private PairwiseResult pairs(PairwiseJudge judge, ModelResult mine, ModelResult other) throws InterruptedException {
        var theirs = new LinkedHashMap<String, ScoredRow>();
        other.rows().stream().filter(row -> row.repeat() == 0 && row.isAnswered())
                .forEach(row -> theirs.put(row.question().id(), row));
        var tasks = new ArrayList<Callable<PairwiseResult.Pair>>();
        for (ScoredRow row : mine.rows()) {
            ScoredRow base = theirs.get(row.question().id());
            if (base != null && row.repeat() == 0 && row.isAnswered()) {
                tasks.add(() -> new PairwiseResult.Pair(judge.compare(row.question(), base.text(), row.text()),
                        AnswerStyle.of(base.text()), AnswerStyle.of(row.text()), cluster(row.question())));
            }
        }
        return PairwiseResult.of(judge.name(), runs.all("judging pairs", tasks), PairedComparison.CONFIDENCE);
    }

    private List<LabelFigures> labels(ModelResult mine, Optional<ModelResult> other) {
        var figures = new ArrayList<LabelFigures>();
        for (int i = 0; i < plan.scorers().size(); i++) {
            int index = i;
            String name = plan.scorers().get(i).name();
            Scorers.labels(plan.scorers().get(i)).ifPresent(scorer -> {
                figures.add(LabelFigures.of(name, scorer, index, mine));
                other.ifPresent(base -> figures.add(LabelFigures.of(name, scorer, index, base)));
            });
        }
        return figures;
    }

    private Map<String, Optional<Calibration>> calibrations() throws InterruptedException {
        var found = new LinkedHashMap<String, Optional<Calibration>>();
        for (var scorer : plan.scorers()) {
            List<JudgeScorer> judges = Judges.in(scorer);
            for (int i = 0; i < judges.size(); i++) {
                found.put(judges.size() == 1 ? scorer.name() : scorer.name() + ", judge " + (i + 1),
                        judges.get(i).calibrate(runs));
            }
        }
        return found;
    }

    private List<CorrectedScore> corrected(Map<String, Calibration> known, ModelResult mine,
            Optional<ModelResult> other) {
        var corrected = new ArrayList<CorrectedScore>();
        for (int i = 0; i < plan.scorers().size(); i++) {
            String name = plan.scorers().get(i).name();
            Calibration calibration = known.get(name);
            if (calibration != null && Judges.plain(plan.scorers().get(i)).isPresent()) {
                int index = i;
                Stream.concat(Stream.of(mine), other.stream()).filter(model -> model.counts(index).scored() > 0)
                        .forEach(model -> corrected.add(CorrectedScore.of(name, index, model, calibration)));
            }
        }
        return corrected;
    }

    /** What a question belongs to; itself where no clusters are named. */
    private String cluster(Question question) {
        return question.metadata().getOrDefault(plan.cluster(), "row " + question.id());
    }

    private List<String> notes(QuestionFile file, ModelResult mine, Optional<ModelResult> other,
            List<ScorerResult> scorers) {
        var notes = new ArrayList<String>();
        if (!file.problems().isEmpty()) {
            notes.add(file.problems().size() + " rows of " + file.file().getFileName() + " cannot be asked: "
                    + named(file.problems()) + ".");
        }
        for (ModelResult result : other.map(o -> List.of(mine, o)).orElse(List.of(mine))) {
            var reasons = new ArrayList<String>();
            result.reasons().forEach((reason, count) -> reasons.add(count + "× " + reason));
            if (!reasons.isEmpty()) {
                notes.add(result.model() + ": kept out of the means: " + named(reasons) + ".");
            }
        }
        for (ScorerResult scorer : scorers) {
            if (scorer.leftOut() > 0) {
                notes.add(scorer.scorer() + ": " + scorer.leftOut()
                        + " questions have no score of both models and are not compared.");
            }
            unscored(scorer, notes);
        }
        if (!plan.cluster().isEmpty()) {
            long clusters = mine.rows().stream()
                    .map(row -> cluster(row.question()))
                    .distinct().count();
            if (clusters < 10) {
                notes.add("Rows come in only " + clusters + " clusters of " + plan.cluster()
                        + "; their intervals are rough below ten.");
            }
        }
        return notes;
    }

    /** What the mean could be at most and at least, were the rows without a score all right or all wrong. */
    private static void unscored(ScorerResult scorer, List<String> notes) {
        int without = scorer.counts().unscored();
        if (without > 0 && scorer.counts().scored() > 0) {
            double sum = scorer.score().estimate() * scorer.counts().scored();
            double all = without + scorer.counts().scored();
            notes.add(scorer.scorer() + ": " + without
                    + " answers have no score; were they all wrong or all right, the mean would be "
                    + Gate.percent(sum / all) + " or " + Gate.percent((sum + without) / all) + ".");
        }
    }

    private static String named(List<String> items) {
        String first = String.join("; ", items.subList(0, Math.min(MOST_NAMED, items.size())));
        return items.size() > MOST_NAMED ? first + "; and " + (items.size() - MOST_NAMED) + " more" : first;
    }

    private static List<Question> asked(EvalPlan plan, QuestionFile file) {
        int most = plan.maxRows() == 0 ? file.questions().size() : Math.min(plan.maxRows(), file.questions().size());
        return file.questions().subList(0, most);
    }

    /** Twice what the longest expected answer needs, as a token is seldom shorter than two letters. */
    private static int maxTokens(EvalPlan plan, QuestionFile file) {
        if (plan.sampling().maxTokens() > 0) {
            return plan.sampling().maxTokens();
        }
        if (file.questions().stream().anyMatch(question -> !question.referenced())) {
            return MOST_TOKENS;
        }
        int longest = file.questions().stream().mapToInt(question -> question.expected().length()).max().orElse(0);
        return Math.clamp(longest + 16L, LEAST_TOKENS, MOST_TOKENS);
    }

    /** What was spent: requests and, where prices are known, dollars. */
    public static String spent(Asker asker) {
        return asker.calls() + " requests"
                + (asker.usd() > 0 ? String.format(java.util.Locale.ROOT, ", %.4f dollars", asker.usd()) : "");
    }
}
