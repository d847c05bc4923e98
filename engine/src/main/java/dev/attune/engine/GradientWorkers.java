package dev.attune.engine;

import dev.attune.text.MaskedTokens;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Threads that form the gradient of a batch together. Each has a share of the examples, one core and gradients of its
 * own, which are added in a fixed order: the operations of a small model are too short to be shared by cores, whole
 * passes are not. The same number of threads gives the same bits. Used by one thread; whoever makes it closes it, before
 * model and adapter.
 */
final class GradientWorkers implements AutoCloseable {
    private static final int MOST_WORKERS = 4;

    private final CausalLm model;
    private final List<LoraAdapter> adapters = new ArrayList<>();
    private final ExecutorService executor;
    private final int threadsEach;

    /** @param threads cores to compute with */
    GradientWorkers(CausalLm model, LoraAdapter adapter, int threads) {
        this.model = model;
        int count = count(threads);
        threadsEach = Math.max(1, threads / count);
        adapters.add(adapter);
        while (adapters.size() < count) {
            adapters.add(adapter.replica());
        }
        executor = Executors.newFixedThreadPool(count, Thread.ofPlatform().daemon().name("gradient-", 0).factory());
        NativeThreads.use(threadsEach);
        NativeThreads.flushTinyNumbers();
    }

    /** How many passes run at a time. */
    static int count(int threads) {
        return Math.clamp(threads, 1, MOST_WORKERS);
    }

    /** A pass over one share of a batch. */
    private interface Pass {
        LossSum over(PackedBatch batch, LoraAdapter adapter, long seed);
    }

    /**
     * Sets the adapter's gradients to those of the mean loss over the trained tokens of the whole batch.
     *
     * @param seed decides what the adapter's dropout leaves out
     */
    LossSum gradients(List<MaskedTokens> examples, int tokensPerPass, long seed) {
        long trained = examples.stream().mapToLong(MaskedTokens::trainedCount).sum();
        LossSum sum = share(examples, tokensPerPass, seed, true,
                (batch, adapter, own) -> model.accumulateGradients(batch, adapter, 1.0 / trained, own));
        for (LoraAdapter other : adapters.subList(1, adapters.size())) {
            adapters.getFirst().parameters().addGradients(other.parameters());
        }
        return sum;
    }

    /** The loss over all examples, nothing else. */
    LossSum loss(List<MaskedTokens> examples, int tokensPerPass) {
        return share(examples, tokensPerPass, 0, false, (batch, adapter, seed) -> model.evaluate(batch, adapter));
    }

    private LossSum share(List<MaskedTokens> examples, int tokensPerPass, long seed, boolean gradients, Pass pass) {
        List<List<MaskedTokens>> shares = shares(examples, adapters.size());
        var work = new ArrayList<Callable<LossSum>>();
        for (int i = 0; i < shares.size(); i++) {
            List<MaskedTokens> share = shares.get(i);
            LoraAdapter adapter = adapters.get(i);
            var seeds = new SplittableRandom(seed + i);
            work.add(() -> {
                NativeThreads.use(threadsEach);
                NativeThreads.flushTinyNumbers();
                if (gradients) {
                    adapter.parameters().zeroGradients();
                }
                LossSum sum = LossSum.ZERO;
                for (PackedBatch batch : BatchRows.pack(share, tokensPerPass)) {
                    sum = sum.plus(pass.over(batch, adapter, seeds.nextLong()));
                }
                return sum;
            });
        }
        return sum(work);
    }

    private LossSum sum(List<Callable<LossSum>> work) {
        try {
            LossSum sum = LossSum.ZERO;
            for (Future<LossSum> future : executor.invokeAll(work)) {
                sum = sum.plus(future.get());
            }
            return sum;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted within a step", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a pass over the batch failed", e.getCause());
        }
    }

    /** Shares of about as many tokens each: the longest first, each to the share that is smallest then. */
    static List<List<MaskedTokens>> shares(List<MaskedTokens> examples, int count) {
        var shares = new ArrayList<List<MaskedTokens>>();
        var sizes = new int[count];
        for (int i = 0; i < count; i++) {
            shares.add(new ArrayList<>());
        }
        for (MaskedTokens example : examples.stream().sorted(Comparator.comparingInt(MaskedTokens::length).reversed())
                .toList()) {
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
        adapters.subList(1, adapters.size()).forEach(LoraAdapter::close);
    }
}
