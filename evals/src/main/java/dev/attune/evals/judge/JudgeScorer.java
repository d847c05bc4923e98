package dev.attune.evals.judge;

import dev.attune.evals.judge.JudgeForm.Grade;
import dev.attune.evals.run.Asker;
import dev.attune.evals.run.Asker.Reply;
import dev.attune.evals.run.ChatCall;
import dev.attune.evals.run.ChatModel;
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
    private final int samples;
    private final double temperature;
    private final int maxTokens;
    private final double passing;
    private final Optional<Path> labelled;

    JudgeScorer(Judges judges, List<ChatModel> models, JudgeForm form, int samples, double temperature, int maxTokens,
            double passing,
            Optional<Path> labelled) {
        this.judges = judges;
        this.models = List.copyOf(models);
        this.form = form;
        this.samples = samples;
        this.temperature = temperature;
        this.maxTokens = maxTokens;
        this.passing = passing;
        this.labelled = labelled;
    }

    @Override
    public String name() {
        return "judge";
    }

    /** Requests for one row, repairs left out. */
    public long callsPerRow() {
        return (long) models.size() * samples;
    }

    @Override
    public Score score(Sample sample) {
        ArrayNode messages = JudgePrompt.messages(form, sample);
        var grades = new ArrayList<Grade>();
        var reasons = new ArrayList<String>();
        String trouble = "";
        for (ChatModel model : models) {
            for (int i = 0; i < samples; i++) {
                try {
                    String reply = ask(model, messages, i);
                    Optional<Grade> grade = form.grade(reply);
                    if (grade.isEmpty()) {
                        grade = form.grade(ask(model, JudgePrompt.repair(messages, reply), i));
                    }
                    grade.ifPresent(grades::add);
                    reasons.add(reply);
                    trouble = grade.isEmpty()
                            ? "the judge " + model.name() + " gave no grade, also when asked again"
                            : trouble;
                } catch (UnscorableException e) {
                    trouble = e.reason();
                }
            }
        }
        if (2 * grades.size() < models.size() * samples || grades.isEmpty()) {
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

    private String ask(ChatModel model, JsonNode messages, int sample) {
        Asker asker = judges.asker();
        var call = new ChatCall(messages, JsonMapper.shared().createArrayNode(), temperature, maxTokens, sample,
                asker.limits().request());
        try {
            return switch (asker.ask(model, call)) {
                case Reply.Given given -> given.answer().text();
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
     * @return nothing where no labelled rows are named
     */
    public Optional<Calibration> calibrate() throws InterruptedException {
        if (labelled.isEmpty()) {
            return Optional.empty();
        }
        int[][] table = new int[2][2];
        int unscored = 0;
        for (LabelledRow row : rows(labelled.get())) {
            if (Thread.interrupted()) {
                throw new InterruptedException("Stopped while the judge was calibrated");
            }
            try {
                double value = score(row.sample()).value();
                table[row.right() ? 0 : 1][value >= passing ? 0 : 1]++;
            } catch (UnscorableException e) {
                unscored++;
            }
        }
        return Optional.of(new Calibration(table[0][0], table[0][1], table[1][0], table[1][1], unscored));
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
