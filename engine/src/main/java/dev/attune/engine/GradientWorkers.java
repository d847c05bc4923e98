package dev.attune.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

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

    /** What is made of one share of the examples, by one thread. */
    private interface Work<R> {
        R over(List<BatchRows.Pass> passes, Trainee trainee, SplittableRandom seeds);
    }

    /**
     * Sets the trainee's gradients to those of the objective's mean over a batch.
     *
     * @param units of the whole batch, of which the examples may be a share
     * @param seed decides what dropout leaves out
     */
    BatchSum gradients(List<? extends TrainingExample> batch, long units, long seed) {
        List<BatchSum> sums = share(batch, seed, (passes, trainee, seeds) -> {
            trainee.parameters().zeroGradients();
            BatchSum sum = BatchSum.ZERO;
            for (BatchRows.Pass pass : passes) {
                TokenLosses losses = trainee.accumulate(pass.batch(), objective.weights(pass, units), seeds.nextLong());
                sum = sum.plus(measured(pass, losses));
            }
            return sum;
        });
        for (Trainee other : trainees.subList(1, sums.size())) {
            trainees.getFirst().parameters().addGradients(other.parameters());
        }
        return sums.stream().reduce(BatchSum.ZERO, BatchSum::plus);
    }

    /** What the objective says of examples, nothing else. */
    BatchSum measure(List<? extends TrainingExample> examples) {
        BatchSum sum = BatchSum.ZERO;
        for (int from = 0; from < examples.size(); from += HELD) {
            sum = sum.plus(measureTogether(examples.subList(from, Math.min(examples.size(), from + HELD))));
        }
        return sum;
    }

    private BatchSum measureTogether(List<? extends TrainingExample> examples) {
        return share(examples, 0, (passes, trainee, seeds) -> {
            BatchSum sum = BatchSum.ZERO;
            for (BatchRows.Pass pass : passes) {
                sum = sum.plus(measured(pass, trainee.losses(pass.batch())));
            }
            return sum;
        }).stream().reduce(BatchSum.ZERO, BatchSum::plus);
    }

    private BatchSum measured(BatchRows.Pass pass, TokenLosses losses) {
        List<LossSum[]> found = pass.byExample(losses);
        BatchSum sum = BatchSum.ZERO;
        for (int i = 0; i < found.size(); i++) {
            sum = sum.plus(objective.measure(pass.examples().get(i), found.get(i)));
        }
        return sum;
    }

    /** Is told the losses of an example's sequences. */
    interface Visitor {
        void visit(TrainingExample example, LossSum[] sequences);
    }

    /** Tells the losses of each example's sequences, in the examples' order. */
    void each(List<? extends TrainingExample> examples, Visitor visitor) {
        for (int from = 0; from < examples.size(); from += HELD) {
            List<TrainingExample> held = List.copyOf(examples.subList(from, Math.min(examples.size(), from + HELD)));
            Map<TrainingExample, LossSum[]> found = together(held);
            for (TrainingExample example : held) {
                visitor.visit(example, Objects.requireNonNull(found.get(example)));
            }
        }
    }

    private Map<TrainingExample, LossSum[]> together(List<TrainingExample> examples) {
        var found = new IdentityHashMap<TrainingExample, LossSum[]>();
        share(examples, 0, (passes, trainee, seeds) -> {
            var own = new IdentityHashMap<TrainingExample, LossSum[]>();
            for (BatchRows.Pass pass : passes) {
                List<LossSum[]> sums = pass.byExample(trainee.losses(pass.batch()));
                for (int i = 0; i < sums.size(); i++) {
                    own.put(pass.examples().get(i), sums.get(i));
                }
            }
            return own;
        }).forEach(found::putAll);
        return found;
    }

    private <R> List<R> share(List<? extends TrainingExample> examples, long seed, Work<R> work) {
        int workers = Math.clamp(examples.size(), 1, trainees.size());
        int threadsEach = Math.max(1, threads / workers);
        List<List<TrainingExample>> shares = shares(examples, workers);
        var tasks = new ArrayList<Callable<R>>();
        for (int i = 0; i < shares.size(); i++) {
            List<TrainingExample> share = shares.get(i);
            Trainee trainee = trainees.get(i);
            var seeds = new SplittableRandom(seed + i);
            tasks.add(() -> {
                NativeThreads.use(threadsEach);
                NativeThreads.flushTinyNumbers();
                return work.over(BatchRows.passes(share, tokensPerPass), trainee, seeds);
            });
        }
        return results(tasks);
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

    /** Shares of about as many tokens each: the longest first, each to the share that is smallest then. */
    static List<List<TrainingExample>> shares(List<? extends TrainingExample> examples, int count) {
        var shares = new ArrayList<List<TrainingExample>>();
        var sizes = new int[count];
        for (int i = 0; i < count; i++) {
            shares.add(new ArrayList<>());
        }
        for (TrainingExample example : examples.stream()
                .sorted(Comparator.comparingInt(TrainingExample::length).reversed()).toList()) {
            int smallest = 0;
            for (int i = 1; i < count; i++) {
                smallest = sizes[i] < sizes[smallest] ? i : smallest;
            }
            shares.get(smallest).add(example);
            sizes[smallest] += example.length();
        }
        return shares;
    }

    @Override
    public void close() {
        executor.shutdownNow();
        trainees.subList(1, trainees.size()).forEach(Trainee::close);
    }
}
