package dev.attune.evals.decide;

import dev.attune.evals.PairedComparison;
import dev.attune.evals.run.ChatModel;
import dev.attune.evals.run.EvalRun;
import dev.attune.evals.run.EvalRun.Sampling;
import dev.attune.evals.run.ModelResult;
import dev.attune.evals.run.Question;
import dev.attune.evals.run.QuestionFile;
import dev.attune.evals.score.Scorer;
import dev.attune.evals.score.Scorers;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * The general set that ships: questions that any chat model may be asked, in six areas (instructions that can be verified,
 * arithmetic, reading, format, refusals, plain chat), each with a scorer of its own that needs no judge. It shows what
 * tuning on something else made a model forget. Written for this project.
 */
public final class GeneralSet {
    private static final String FILE = "general.jsonl";
    private static final Sampling SAMPLING = new Sampling(0, 200, 1);
    private static final List<Question> QUESTIONS = read();

    private GeneralSet() {}

    /** How many questions there are. */
    public static int size() {
        return QUESTIONS.size();
    }

    /** The questions; the metadata {@code family} names the area. */
    public static List<Question> questions() {
        return QUESTIONS;
    }

    /** The scorer of all of them, each by its own check. */
    public static Scorer scorer() {
        return Scorers.named("by_row");
    }

    private static List<Question> read() {
        try (InputStream in = GeneralSet.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException(FILE + " is not beside GeneralSet.class");
            }
            var questions = new ArrayList<Question>();
            for (String line : new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).lines().toList()) {
                questions.add(QuestionFile.row(JsonMapper.shared().readTree(line), questions.size() + 1,
                        QuestionFile.Prompt.NONE));
            }
            return List.copyOf(questions);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks both models all of it. */
    static GeneralResult compare(EvalRun runs, ChatModel tuned, ChatModel base, long seed) throws InterruptedException {
        List<Scorer> scorer = List.of(scorer());
        ModelResult mine = runs.run(tuned, questions(), SAMPLING, scorer);
        ModelResult other = runs.run(base, questions(), SAMPLING, scorer);
        Map<String, Double> mineScores = mine.byQuestion(0);
        Map<String, Double> otherScores = other.byQuestion(0);
        var families = new LinkedHashSet<String>();
        questions().forEach(question -> families.add(question.metadata().getOrDefault("family", "")));
        var compared = new ArrayList<PairedComparison>();
        for (String family : families) {
            List<String> ids = answered(family, mineScores, otherScores);
            compared.add(PairedComparison.of(family, scores(ids, otherScores), scores(ids, mineScores), seed));
        }
        List<String> all = answered("", mineScores, otherScores);
        double[] baseScores = scores(all, otherScores);
        double[] tunedScores = scores(all, mineScores);
        return new GeneralResult(compared, PairedComparison.of("all", baseScores, tunedScores, seed),
                PairedComparison.differences(baseScores, tunedScores));
    }

    private static List<String> answered(String family, Map<String, Double> mine, Map<String, Double> other) {
        return questions().stream().filter(q -> family.isEmpty() || family.equals(q.metadata().get("family")))
                .map(Question::id)
                .filter(id -> mine.containsKey(id) && other.containsKey(id)).toList();
    }

    private static double[] scores(List<String> ids, Map<String, Double> scores) {
        return ids.stream().mapToDouble(id -> scores.getOrDefault(id, 0.0)).toArray();
    }
}
