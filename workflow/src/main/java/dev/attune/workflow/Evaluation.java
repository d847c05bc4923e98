package dev.attune.workflow;

import com.openai.client.OpenAIClient;
import com.openai.errors.OpenAIException;
import com.openai.models.chat.completions.ChatCompletion;
import dev.attune.dataset.Row;
import dev.attune.evals.PairedComparison;
import dev.attune.evals.score.Scorer;
import dev.attune.evals.score.Scorers;
import dev.attune.text.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Asks two models the same held-out questions and compares their answers row by row. Each answer is journaled as it
 * comes; those that are there already are not asked for again.
 */
final class Evaluation {
    /** Questions under way: a server that writes answers side by side needs several, a paid one allows as many. */
    static final int AT_ONCE = 8;
    private static final int TRIES = 6;

    /** One of the two models; {@code identity} tells apart models that bear one name at different times. */
    record Contestant(String model, String identity) {}

    /** The comparison of each scorer, and every row. */
    record Outcome(List<PairedComparison> scores, List<Comparison> rows) {}

    private final OpenAIClient client;
    private final AnswerBook book;
    private final List<Row> rows;
    private final int maxTokens;
    private final RunListener listener;
    private final Pause pause;
    private final AtomicInteger done = new AtomicInteger();

    /** @param maxTokens the most tokens of one answer */
    Evaluation(OpenAIClient client, AnswerBook book, List<Row> rows, int maxTokens, RunListener listener, Pause pause) {
        this.client = client;
        this.book = book;
        this.rows = rows;
        this.maxTokens = maxTokens;
        this.listener = listener;
        this.pause = pause;
    }

    Outcome compare(Contestant base, Contestant tuned, List<String> scorerNames, long seed)
            throws InterruptedException {
        List<String> baseAnswers;
        List<String> tunedAnswers;
        ExecutorService asking = Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().name("ask-", 0).factory());
        try {
            var futures = new ArrayList<Future<String>>();
            for (Contestant contestant : List.of(base, tuned)) {
                rows.forEach(row -> futures.add(asking.submit(() -> answer(contestant, row))));
            }
            List<String> answers = all(futures);
            baseAnswers = answers.subList(0, rows.size());
            tunedAnswers = answers.subList(rows.size(), answers.size());
        } finally {
            end(asking);
        }
        return scored(baseAnswers, tunedAnswers, scorerNames, seed);
    }

    /** Ends the questions under way, so that none is asked or written down after the run is over. */
    private static void end(ExecutorService asking) {
        asking.shutdownNow();
        asking.close();
    }

    private Outcome scored(List<String> base, List<String> tuned, List<String> scorerNames, long seed) {
        var scores = new ArrayList<PairedComparison>();
        var baseScores = new ArrayList<Map<String, Double>>();
        var tunedScores = new ArrayList<Map<String, Double>>();
        rows.forEach(row -> {
            baseScores.add(new LinkedHashMap<>());
            tunedScores.add(new LinkedHashMap<>());
        });
        for (String name : scorerNames) {
            Scorer scorer = Scorers.named(name);
            double[] baseValues = new double[rows.size()];
            double[] tunedValues = new double[rows.size()];
            for (int i = 0; i < rows.size(); i++) {
                String expected = rows.get(i).output();
                baseValues[i] = scorer.score(expected, base.get(i)).value();
                tunedValues[i] = scorer.score(expected, tuned.get(i)).value();
                baseScores.get(i).put(name, baseValues[i]);
                tunedScores.get(i).put(name, tunedValues[i]);
            }
            scores.add(PairedComparison.of(name, baseValues, tunedValues, seed));
        }
        var compared = new ArrayList<Comparison>();
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            compared.add(new Comparison(row.line(), question(row), row.output(), base.get(i), tuned.get(i),
                    baseScores.get(i),
                    tunedScores.get(i)));
        }
        return new Outcome(scores, compared);
    }

    private String answer(Contestant contestant, Row row) throws InterruptedException {
        var request = new ChatRequest(contestant.model(), row, maxTokens);
        String key = request.key(contestant.identity());
        var known = book.find(key);
        String text;
        if (known.isPresent()) {
            text = known.get().text();
        } else {
            ChatCompletion completion = ask(request);
            text = ChatRequest.text(completion);
            book.add(new AnswerBook.Answer(key, contestant.model(), row.line(), text, ChatRequest.finish(completion)));
        }
        listener.on(new RunEvent.Answered(contestant.model(), done.incrementAndGet(), 2 * rows.size()));
        return text;
    }

    private ChatCompletion ask(ChatRequest request) throws InterruptedException {
        long pauseMillis = 500;
        for (int attempt = 1;; attempt++) {
            try {
                ChatCompletion completion = client.chat().completions().create(request.params());
                if (completion._choices().asKnown().filter(choices -> !choices.isEmpty()).isEmpty()) {
                    throw new WorkflowException(WorkflowException.Code.REFUSED, "Cannot ask " + request.model()
                            + " test question " + request.row().line() + ": the answer has no message in it.");
                }
                return completion;
            } catch (OpenAIException e) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("Stopped asking " + request.model());
                }
                if (attempt >= TRIES || !WireErrors.isPassing(e)) {
                    throw WireErrors.explain("ask " + request.model() + " test question " + request.row().line(), e);
                }
                pause.sleep(Duration.ofMillis(pauseMillis));
                pauseMillis *= 2;
            }
        }
    }

    private static List<String> all(List<Future<String>> futures) throws InterruptedException {
        var answers = new ArrayList<String>();
        for (Future<String> future : futures) {
            try {
                answers.add(future.get());
            } catch (ExecutionException e) {
                Throwable cause = e.getCause() == null ? e : e.getCause();
                switch (cause) {
                    case WorkflowException known -> throw known;
                    case InterruptedException stopped -> throw stopped;
                    case Error fatal -> throw fatal;
                    default -> throw new IllegalStateException("Asking failed", cause);
                }
            }
        }
        return answers;
    }

    private static String question(Row row) {
        String question = "";
        for (Message message : row.input()) {
            if (message instanceof Message.User || question.isEmpty()) {
                question = message.content();
            }
        }
        return question;
    }
}
