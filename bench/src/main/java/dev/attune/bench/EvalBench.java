package dev.attune.bench;

import dev.attune.evals.Means;
import dev.attune.evals.config.ConfigProblems;
import dev.attune.evals.decide.EvalHtml;
import dev.attune.evals.decide.EvalPlan;
import dev.attune.evals.decide.Evaluator;
import dev.attune.evals.run.Asker;
import dev.attune.evals.run.Asker.Reply;
import dev.attune.evals.run.CallJournal;
import dev.attune.evals.run.ChatCall;
import dev.attune.evals.run.ChatModel;
import dev.attune.evals.run.EvalRun;
import dev.attune.evals.run.Limits;
import dev.attune.evals.run.ModelResult;
import dev.attune.evals.run.QuestionFile;
import dev.attune.evals.score.Answer;
import dev.attune.evals.score.Scorer;
import dev.attune.evals.score.Scorers;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import tools.jackson.databind.json.JsonMapper;

/**
 * Times what an evaluation computes itself: 10,000 rows under five deterministic scorers with 10,000 bootstrap resamples, the
 * page of both models' rows, and a journal of a million answers.
 */
public final class EvalBench {
    private static final int ROWS = 10_000;
    private static final int RESAMPLES = 10_000;
    private static final String[] WORDS = ("the parcel lamp fan is was not late broken here there we you they send sent ask give back money order "
            + "number today tomorrow week please thank help new old one two three good bad red blue").split(" ");

    private EvalBench() {}

    /**
     * @param args {@code rows FOLDER}, which writes {@code questions.jsonl} and {@code scores.txt} there; {@code once FOLDER},
     *            the same a single time with what is there, and what the whole process took; {@code make FILE ROWS};
     *            {@code journal FILE}
     */
    public static void main(String[] args) throws Exception {
        Path path = Path.of(args[1]);
        switch (args[0]) {
            case "rows" -> rows(path);
            case "once" -> once(path);
            case "make" -> make(path, Integer.parseInt(args[2]));
            default -> journal(path);
        }
    }

    private static List<Scorer> scorers() {
        return List.of(Scorers.named("exact"), Scorers.named("token_f1"), Scorers.named("rouge_l"),
                Scorers.named("levenshtein"), Scorers.named("chrf"));
    }

    private static List<Reply> replies(QuestionFile file) {
        var random = new SplittableRandom(2);
        return file.questions().stream()
                .<Reply>map(q -> new Reply.Given(Answer.of(disturbed(random, q.expected())), true)).toList();
    }

    private static void once(Path folder) throws Exception {
        QuestionFile file = QuestionFile.read(folder.resolve("questions.jsonl"), QuestionFile.Prompt.NONE);
        try (CallJournal journal = CallJournal.open(folder.resolve("answers.jsonl"));
                Asker asker = new Asker(journal, Limits.DEFAULT)) {
            ModelResult result = new EvalRun(asker, (what, done, all) -> {}).score("m", file.questions(),
                    replies(file), 1, scorers());
            double[] scores = result.byQuestion(2).values().stream().mapToDouble(Double::doubleValue).toArray();
            System.out.printf(Locale.ROOT,
                    "one process from its start: %,d rows read and scored, bootstrap %s, %.2f s%n", scores.length,
                    Means.bootstrap(scores, 0.95, RESAMPLES, 7, 0, 1),
                    ManagementFactory.getRuntimeMXBean().getUptime() / 1e3);
        }
    }

    private static void rows(Path folder) throws Exception {
        QuestionFile file = questions(folder.resolve("questions.jsonl"));
        List<Scorer> scorers = scorers();
        List<Reply> replies = replies(file);
        try (CallJournal journal = CallJournal.open(folder.resolve("answers.jsonl"));
                Asker asker = new Asker(journal, Limits.DEFAULT)) {
            var runs = new EvalRun(asker, (what, done, all) -> {});
            double scoring = Double.POSITIVE_INFINITY;
            double resampling = Double.POSITIVE_INFINITY;
            double first = 0;
            for (int round = 0; round < 3; round++) {
                long began = System.nanoTime();
                ModelResult result = runs.score("m", file.questions(), replies, 1, scorers);
                long scored = System.nanoTime();
                double[] scores = result.byQuestion(2).values().stream().mapToDouble(Double::doubleValue).toArray();
                Means.bootstrap(scores, 0.95, RESAMPLES, 7, 0, 1);
                long ended = System.nanoTime();
                first = round == 0 ? (ended - began) / 1e9 : first;
                scoring = Math.min(scoring, (scored - began) / 1e9);
                resampling = Math.min(resampling, (ended - scored) / 1e9);
                Files.write(folder.resolve("scores.txt"),
                        java.util.Arrays.stream(scores).mapToObj(String::valueOf).toList());
            }
            System.out.printf(Locale.ROOT,
                    "scoring and bootstrap, first time in a new process %.2f s; best of 3: scoring %.2f s, bootstrap %.2f s%n",
                    first, scoring, resampling);
            page(file, asker);
        }
    }

    private static void page(QuestionFile file, Asker asker) throws InterruptedException {
        var problems = new ConfigProblems();
        EvalPlan plan = EvalPlan.read(problems, JsonMapper.shared().readTree(
                "{\"evaluate\":{\"model\":\"tuned\",\"against\":\"base\",\"data\":\"q\",\"scorers\":[\"exact\",\"token_f1\"]}}"),
                Scorers.with(Map.of()));
        problems.throwIfAny("plan");
        long began = System.nanoTime();
        var report = new Evaluator(plan, asker, (what, done, all) -> {}).run(file, model("tuned", file, 3),
                Optional.of(model("base", file, 4)));
        long asked = System.nanoTime();
        String html = EvalHtml.of(report);
        System.out.printf(Locale.ROOT,
                "two models in memory asked, journalled, scored and compared %.2f s; page of %,d rows %.1f MB in %.2f s%n",
                (asked - began) / 1e9, ROWS, html.length() / 1e6, (System.nanoTime() - asked) / 1e9);
    }

    private static ChatModel model(String name, QuestionFile file, long seed) {
        Map<String, String> expected = new java.util.HashMap<>();
        file.questions().forEach(q -> expected.put(q.text(), q.expected()));
        return new ChatModel() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public String identity() {
                return "memory";
            }

            @Override
            public Answer ask(ChatCall call) {
                String question = call.messages().get(0).path("content").asString("");
                return Answer.of(disturbed(new SplittableRandom(seed * 31 + question.hashCode()),
                        expected.getOrDefault(question, "")));
            }
        };
    }

    private static QuestionFile questions(Path file) throws IOException {
        var random = new SplittableRandom(1);
        var lines = new ArrayList<String>();
        for (int i = 0; i < ROWS; i++) {
            lines.add("{\"input\":\"" + i + " " + text(random) + "\",\"ideal\":\"" + text(random) + "\"}");
        }
        Files.write(file, lines);
        return QuestionFile.read(file, QuestionFile.Prompt.NONE);
    }

    private static String text(SplittableRandom random) {
        var words = new ArrayList<String>();
        for (int i = 20 + random.nextInt(40); i > 0; i--) {
            words.add(WORDS[random.nextInt(WORDS.length)]);
        }
        return String.join(" ", words);
    }

    private static String disturbed(SplittableRandom random, String text) {
        if (random.nextInt(3) == 0) {
            return text;
        }
        String[] words = text.split(" ");
        for (int i = 0; i < words.length; i++) {
            words[i] = random.nextInt(5) == 0 ? WORDS[random.nextInt(WORDS.length)] : words[i];
        }
        return String.join(" ", words);
    }

    private static void make(Path file, int rows) throws IOException {
        var random = new SplittableRandom(5);
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (int i = 0; i < rows; i++) {
                out.write("{\"key\":\"" + key(i) + "\",\"model\":\"m\",\"text\":\"" + text(random)
                        + "\",\"finish\":\"stop\",\"input_tokens\":10,\"output_tokens\":40,\"seconds\":0.5,\"usd\":-1.0}\n");
            }
        }
    }

    private static String key(int row) {
        return String.format("%016x%016x%032x", row * 0x9E3779B97F4A7C15L, (long) row, 0);
    }

    private static void journal(Path file) throws IOException {
        long began = System.nanoTime();
        try (CallJournal journal = CallJournal.open(file)) {
            double opened = (System.nanoTime() - began) / 1e9;
            began = System.nanoTime();
            int there = 0;
            for (int i = 0; i < 10_000; i++) {
                there += journal.find(key((int) (i * 7_919L % journal.size()))).isPresent() ? 1 : 0;
            }
            double found = (System.nanoTime() - began) / 1e9;
            Runtime runtime = Runtime.getRuntime();
            System.gc();
            System.out.printf(Locale.ROOT,
                    "journal of %,d answers (%.0f MB) opened in %.2f s; %,d of 10,000 found in %.2f s; heap in use %d of %d MB%n",
                    journal.size(), Files.size(file) / 1e6, opened, there, found,
                    (runtime.totalMemory() - runtime.freeMemory()) >> 20, runtime.maxMemory() >> 20);
        }
    }
}
