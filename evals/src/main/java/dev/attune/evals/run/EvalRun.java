package dev.attune.evals.run;

import dev.attune.evals.run.Asker.Reply;
import dev.attune.evals.score.Sample;
import dev.attune.evals.score.Scorer;
import dev.attune.evals.score.UnscorableException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Asks a model every question as often as wanted, and scores the answers; the two apart. */
public final class EvalRun {
    /** More than any server is asked at once: the pace decides, not the threads. */
    private static final int THREADS = 256;

    /** Hears how far it is, on any thread. */
    @FunctionalInterface
    public interface Progress {
        /** @param what what is being done, such as {@code asking attune-nano} */
        void at(String what, int done, int all);
    }

    /** How every question is asked. */
    public record Sampling(double temperature, int maxTokens, int repeats) {}

    private final Asker asker;
    private final Progress progress;

    public EvalRun(Asker asker, Progress progress) {
        this.asker = asker;
        this.progress = progress;
    }

    /** Both halves. */
    public ModelResult run(ChatModel model, List<Question> questions, Sampling sampling, List<Scorer> scorers)
            throws InterruptedException {
        return score(model.name(), questions, generate(model, questions, sampling), sampling.repeats(), scorers);
    }

    /** Every reply, by question, then repeat. */
    public List<Reply> generate(ChatModel model, List<Question> questions, Sampling sampling)
            throws InterruptedException {
        var tasks = new ArrayList<Callable<Reply>>();
        for (Question question : questions) {
            for (int repeat = 0; repeat < sampling.repeats(); repeat++) {
                var call = new ChatCall(question.messages(), question.tools(), sampling.temperature(),
                        sampling.maxTokens(),
                        repeat, asker.limits().request());
                tasks.add(() -> asker.ask(model, call));
            }
        }
        return all("asking " + model.name(), tasks);
    }

    /** Scores replies that are there; deterministic scorers cost nothing but time. */
    public ModelResult score(String model, List<Question> questions, List<Reply> replies, int repeats,
            List<Scorer> scorers)
            throws InterruptedException {
        if (replies.size() != questions.size() * repeats) {
            throw new IllegalArgumentException(
                    replies.size() + " replies do not fit " + questions.size() + " questions with "
                            + repeats + " repeats.");
        }
        var tasks = new ArrayList<Callable<ScoredRow>>();
        for (int i = 0; i < replies.size(); i++) {
            Question question = questions.get(i / repeats);
            Reply reply = replies.get(i);
            int repeat = i % repeats;
            tasks.add(() -> new ScoredRow(question, repeat, reply, outcomes(question, reply, scorers)));
        }
        return new ModelResult(model, scorers.stream().map(Scorer::name).toList(), all("scoring " + model, tasks));
    }

    private static List<Outcome> outcomes(Question question, Reply reply, List<Scorer> scorers) {
        var outcomes = new ArrayList<Outcome>();
        for (Scorer scorer : scorers) {
            outcomes.add(switch (reply) {
                case Reply.Failed failed -> new Outcome.Failed("no answer: " + failed.reason());
                case Reply.Given given -> outcome(scorer, question.answered(given.answer()));
            });
        }
        return outcomes;
    }

    private static Outcome outcome(Scorer scorer, Sample sample) {
        try {
            return new Outcome.Scored(scorer.score(sample));
        } catch (UnscorableException e) {
            return new Outcome.Unscored(e.reason());
        } catch (RuntimeException e) {
            return new Outcome.Failed(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
        } catch (StackOverflowError e) {
            return new Outcome.Failed("the answer is nested too deeply");
        }
    }

    /** Does independent work side by side, and gives its results in order. */
    public <T> List<T> all(String what, List<Callable<T>> tasks) throws InterruptedException {
        var done = new AtomicInteger();
        var results = new ArrayList<T>();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS, Thread.ofVirtual().name("eval-", 0).factory());
        try {
            var futures = new ArrayList<Future<T>>();
            for (Callable<T> task : tasks) {
                futures.add(threads.submit(() -> {
                    T result = task.call();
                    progress.at(what, done.incrementAndGet(), tasks.size());
                    return result;
                }));
            }
            for (Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case InterruptedException stopped -> throw stopped;
                case RuntimeException failed -> throw failed;
                case Error fatal -> throw fatal;
                case null, default -> throw new IllegalStateException("Evaluating failed", e.getCause());
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
