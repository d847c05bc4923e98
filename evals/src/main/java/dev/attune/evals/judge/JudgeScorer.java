package dev.attune.evals.judge;

import dev.attune.evals.judge.JudgeForm.Grade;
import dev.attune.evals.run.Asker;
import dev.attune.evals.run.Asker.Reply;
import dev.attune.evals.run.ChatCall;
import dev.attune.evals.run.ChatModel;
import dev.attune.evals.run.EvalRun;
import dev.attune.evals.run.QuestionFile;
import dev.attune.evals.score.Answer;
import dev.attune.evals.score.Sample;
import dev.attune.evals.score.Score;
import dev.attune.evals.score.Scorer;
import dev.attune.evals.score.UnscorableException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/**
 * A model, or a panel of models, that says what an answer is worth. Each gives reasons before its grade; a reply without a
 * grade that is on the menu is asked for it once more, and then there is none: no reply is ever a grade of zero. With several
 * samples or judges the mean counts; where fewer than half of them gave a grade, the row is not scored. Thread-safe.
 */
public final class JudgeScorer implements Scorer {
    private static final int LONGEST_REASON = 300;

    private final Judges judges;
    private final List<ChatModel> models;
    private final JudgeForm form;
    private final Manner manner;
    private final Optional<Path> labelled;

    /**
     * How it is asked.
     *
     * @param weighted whether the probabilities of the grade's token weigh the grades, where the endpoint tells them
     * @param passing the score from which an answer counts as right
     */
    record Manner(int samples, double temperature, int maxTokens, boolean weighted, double passing) {}

    JudgeScorer(Judges judges, List<ChatModel> models, JudgeForm form, Manner manner, Optional<Path> labelled) {
        this.judges = judges;
        this.models = List.copyOf(models);
        this.form = form;
        this.manner = manner;
        this.labelled = labelled;
    }

    @Override
    public String name() {
        return "judge";
    }

    /** The models that judge. */
    public List<String> modelNames() {
        return models.stream().map(ChatModel::name).toList();
    }

    /** Requests for one row, repairs left out. */
    public long callsPerRow() {
        return (long) models.size() * manner.samples();
    }

    /** The score from which an answer counts as right. */
    public double passing() {
        return manner.passing();
    }

    @Override
    public Score score(Sample sample) {
        ArrayNode messages = JudgePrompt.messages(form, sample);
        var grades = new ArrayList<Grade>();
        var reasons = new ArrayList<String>();
        String trouble = "";
        for (ChatModel model : models) {
            for (int i = 0; i < manner.samples(); i++) {
                try {
                    Answer reply = ask(model, messages, i);
                    Optional<Grade> grade = grade(reply);
                    if (grade.isEmpty()) {
                        grade = grade(ask(model, JudgePrompt.repair(messages, reply.text()), i));
                    }
                    grade.ifPresent(grades::add);
                    reasons.add(reply.text());
                    trouble = grade.isEmpty()
                            ? "the judge " + model.name() + " gave no grade, also when asked again"
                            : trouble;
                } catch (UnscorableException e) {
                    trouble = e.reason();
                }
            }
        }
        if (2 * grades.size() < callsPerRow() || grades.isEmpty()) {
            throw new UnscorableException(trouble);
        }
        double mean = grades.stream().mapToDouble(Grade::value).average().orElseThrow();
        String written = String.join(", ", grades.stream().map(Grade::written).toList());
        String reason = "grade " + written + spread(grades, mean);
        return new Score(Math.clamp(mean, 0, 1), reason, reasons.isEmpty() ? "" : shortened(reasons.getFirst()));
    }

    private static String spread(List<Grade> grades, double mean) {
        if (grades.size() < 2) {
            return "";
        }
        double squares = grades.stream().mapToDouble(g -> (g.value() - mean) * (g.value() - mean)).sum();
        return String.format(Locale.ROOT, " (standard deviation %.2f)", Math.sqrt(squares / (grades.size() - 1)));
    }

    private Optional<Grade> grade(Answer reply) {
        Optional<Grade> written = form.grade(reply.text());
        return manner.weighted() && written.isPresent()
                ? GradeWeights.of(form.menu(), reply, written.get()).or(() -> written)
                : written;
    }

    private Answer ask(ChatModel model, JsonNode messages, int sample) {
        Asker asker = judges.asker();
        var call = new ChatCall(messages, JsonMapper.shared().createArrayNode(), manner.temperature(),
                manner.maxTokens(), sample, asker.limits().request(), manner.weighted() ? GradeWeights.CHOICES : 0);
        try {
            return switch (asker.ask(model, call)) {
                case Reply.Given given -> given.answer();
                case Reply.Failed failed ->
                    throw new UnscorableException("the judge " + model.name() + " did not answer: " + failed.reason());
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnscorableException("stopped while the judge was asked", e);
        }
    }

    private static String shortened(String reply) {
        String text = reply.replaceAll("(?im)^[\\s*_#>`]*GRADE[\\s*_`]*:.*$", "").strip().replaceAll("\\s+", " ");
        return text.length() <= LONGEST_REASON
                ? text
                : text.substring(0, text.offsetByCodePoints(0, text.codePointCount(0, LONGEST_REASON))) + "…";
    }

    /**
     * Holds the judge against labelled rows: questions with an {@code answer_given} (or {@code completion_given}) and a
     * {@code label} of true, false, 1, 0, pass, fail, right, wrong, good or bad.
     *
     * @param runs does them side by side
     * @return nothing where no labelled rows are named
     */
    public Optional<Calibration> calibrate(EvalRun runs) throws InterruptedException {
        if (labelled.isEmpty()) {
            return Optional.empty();
        }
        var tasks = new ArrayList<Callable<Optional<Calibration.Graded>>>();
        for (LabelledRow row : rows(labelled.get())) {
            tasks.add(() -> graded(row));
        }
        List<Optional<Calibration.Graded>> all = runs.all("holding the judge against people", tasks);
        List<Calibration.Graded> graded = all.stream().flatMap(Optional::stream).toList();
        return Optional.of(new Calibration(graded, manner.passing(), all.size() - graded.size()));
    }

    private Optional<Calibration.Graded> graded(LabelledRow row) {
        try {
            return Optional.of(new Calibration.Graded(score(row.sample()).value(), row.right()));
        } catch (UnscorableException e) {
            return Optional.empty();
        }
    }

    /** Requests that {@link #calibrate} sends, repairs left out. */
    public long calibrationCalls() {
        return labelled.map(file -> rows(file).size() * callsPerRow()).orElse(0L);
    }

    private record LabelledRow(Sample sample, boolean right) {}

    private static List<LabelledRow> rows(Path file) {
        try {
            var rows = new ArrayList<LabelledRow>();
            QuestionFile read = QuestionFile.read(file, QuestionFile.Prompt.NONE);
            for (var question : read.questions()) {
                String given = question.item().path("answer_given")
                        .asString(question.item().path("completion_given").asString(""));
                Optional<Boolean> right = right(question.item().path("label"));
                if (right.isPresent() && !given.isEmpty()) {
                    boolean referenced = question.referenced()
                            && !question.expected().equals(question.item().path("label").asString(""));
                    rows.add(new LabelledRow(new Sample(question.item(), question.text(),
                            referenced ? question.expected() : "", referenced,
                            Answer.of(given)), right.get()));
                }
            }
            return rows;
        } catch (IOException e) {
            throw new IllegalStateException(
                    file + " cannot be read (" + e.getMessage() + "); name the labelled rows as calibrate:.", e);
        }
    }

    private static Optional<Boolean> right(JsonNode label) {
        return switch (label.asString("").toLowerCase(Locale.ROOT)) {
            case "true", "1", "pass", "right", "good", "yes", "correct" -> Optional.of(true);
            case "false", "0", "fail", "wrong", "bad", "no", "incorrect" -> Optional.of(false);
            default -> Optional.empty();
        };
    }
}
