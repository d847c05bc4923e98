package dev.attune.engine.train;

import dev.attune.engine.data.TrainingExample;
import dev.attune.engine.model.LossSum;
import dev.attune.engine.model.TokenLosses;
import dev.attune.engine.tensor.NativeThreads;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * Threads that form the gradient of a batch together. Each has a share of the examples, one core and gradients of its
 * own, which are added in a fixed order: the operations of a small model are too short to be shared by cores, whole
 * passes are not. Where there are fewer examples than threads, the threads are shared out among these. The same number of
 * threads gives the same bits. Used by one thread; whoever makes it closes it, before
 * the trainee.
 */
final class GradientWorkers implements AutoCloseable {
    private static final int MOST_WORKERS = 4;
    /** Examples that are held at a time where a whole file goes through the model. */
    private static final int HELD = 2048;

    /**
     * Most tokens of a pass that only measures. Such a pass keeps nothing, but the largest that training allows would take
     * more memory than the passes that train a batch of short rows, and larger ones are no faster.
     */
    static final int MEASURED_TOKENS = 512;

    private final List<Trainee> trainees = new ArrayList<>();
    private final Objective objective;
    private final int tokensPerPass;
    private final ExecutorService executor;
    private final int threads;

    /**
     * @param threads cores to compute with
     * @param tokensPerPass more tokens than these go through the model in several passes
     */
    GradientWorkers(Trainee trainee, Objective objective, int threads, int tokensPerPass) {
        this.objective = objective;
        this.tokensPerPass = tokensPerPass;
        this.threads = threads;
        int count = count(threads);
        trainees.add(trainee);
        while (trainees.size() < count) {
            trainees.add(trainee.replica());
        }
        executor = Executors.newFixedThreadPool(count, Thread.ofPlatform().daemon().name("gradient-", 0).factory());
        NativeThreads.use(Math.max(1, threads / count));
        NativeThreads.flushTinyNumbers();
    }

    /** How many passes run at a time. */
    static int count(int threads) {
        return Math.clamp(threads, 1, MOST_WORKERS);
    }

    /** What is made of the examples of one share, by one thread: something of each, in the order of the passes. */
    private interface Work<R> {
        List<R> over(List<BatchRows.Pass> passes, Trainee trainee, SplittableRandom seeds);
    }

    /**
     * Sets the trainee's gradients to those of the objective's mean over a batch.
     *
     * @param units of the whole batch, of which the examples may be a share
     * @param seed decides what dropout leaves out
     * @return what the objective says of each example, before anything changes
     */
    List<BatchSum> gradients(List<? extends TrainingExample> batch, long units, long seed) {
        List<BatchSum> sums = share(batch, tokensPerPass, seed, (passes, trainee, seeds) -> {
            trainee.parameters().zeroGradients();
            var found = new ArrayList<BatchSum>();
            for (BatchRows.Pass pass : passes) {
                found.addAll(measured(pass,
                        trainee.accumulate(pass.batch(), objective.weights(pass, units), seeds.nextLong())));
            }
            return found;
        });
        for (Trainee other : trainees.subList(1, workers(batch))) {
            trainees.getFirst().parameters().addGradients(other.parameters());
        }
        return sums;
    }

    /** What the objective says of examples, nothing else. */
    BatchSum measure(List<? extends TrainingExample> examples) {
        BatchSum sum = BatchSum.ZERO;
        for (int from = 0; from < examples.size(); from += HELD) {
            List<BatchSum> sums = share(examples.subList(from, Math.min(examples.size(), from + HELD)),
                    measuredTokens(),
                    0, (passes, trainee, seeds) -> passes.stream()
                            .flatMap(pass -> measured(pass, trainee.losses(pass.batch())).stream()).toList());
            sum = sum.plus(BatchSum.of(sums));
        }
        return sum;
    }

    private List<BatchSum> measured(BatchRows.Pass pass, TokenLosses losses) {
        List<LossSum[]> found = pass.byExample(losses);
        return IntStream.range(0, found.size())
                .mapToObj(i -> objective.measure(pass.examples().get(i), found.get(i))).toList();
    }

    /** Is told the losses of an example's sequences. */
    interface Visitor {
        void visit(TrainingExample example, LossSum[] sequences);
    }

    /** Tells the losses of each example's sequences, in the examples' order. */
    void each(List<? extends TrainingExample> examples, Visitor visitor) {
        for (int from = 0; from < examples.size(); from += HELD) {
            List<TrainingExample> held = List.copyOf(examples.subList(from, Math.min(examples.size(), from + HELD)));
            List<LossSum[]> found = share(held, measuredTokens(), 0, (passes, trainee, seeds) -> passes.stream()
                    .flatMap(pass -> pass.byExample(trainee.losses(pass.batch())).stream()).toList());
            for (int i = 0; i < held.size(); i++) {
                visitor.visit(held.get(i), found.get(i));
            }
        }
    }

    private int measuredTokens() {
        return Math.min(tokensPerPass, MEASURED_TOKENS);
    }

    private int workers(List<? extends TrainingExample> examples) {
        return Math.clamp(examples.size(), 1, trainees.size());
    }

    /** What the threads make of each example, in the examples' order. */
    private <R> List<R> share(List<? extends TrainingExample> examples, int tokensPerPass, long seed, Work<R> work) {
        int workers = workers(examples);
        int threadsEach = Math.max(1, threads / workers);
        List<BatchShare> shares = BatchShare.of(examples, workers);
        var tasks = new ArrayList<Callable<List<R>>>();
        for (int i = 0; i < shares.size(); i++) {
            List<TrainingExample> share = shares.get(i).examples();
            Trainee trainee = trainees.get(i);
            var seeds = new SplittableRandom(seed + i);
            tasks.add(() -> {
                NativeThreads.use(threadsEach);
                NativeThreads.flushTinyNumbers();
                return work.over(BatchRows.passes(share, tokensPerPass), trainee, seeds);
            });
        }
        return BatchShare.together(shares, results(tasks));
    }

    private <R> List<R> results(List<Callable<R>> tasks) {
        try {
            var results = new ArrayList<R>();
            for (Future<R> future : executor.invokeAll(tasks)) {
                results.add(future.get());
            }
            return results;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted within a step", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a pass over the batch failed", e.getCause());
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
        trainees.subList(1, trainees.size()).forEach(Trainee::close);
    }
}
