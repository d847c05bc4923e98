package dev.attune.pretraining;

import dev.attune.engine.model.CausalLm;
import dev.attune.engine.model.LossSum;
import dev.attune.engine.model.PackedBatch;
import dev.attune.engine.tensor.AdamW;
import dev.attune.engine.tensor.Muon;
import dev.attune.engine.tensor.NativeThreads;
import dev.attune.engine.tensor.Parameters;
import dev.attune.text.Tokenizer;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A pretraining run: all weights of a new model learn from a stream. The blocks' matrices move by Muon, embedding and
 * norms by AdamW; the learning rate rises, stays, and falls to 0 at the end. Each worker forms the gradient of its share
 * of a step's batch on one thread, so nobody waits within a pass. Stopped at any time and started again, the run goes on
 * from its newest checkpoint with the same examples.
 */
final class Pretraining {
    private static final AdamW.Settings OTHERS = new AdamW.Settings(0.9, 0.95, 1e-8, 0);
    private static final double MATRIX_DECAY = 0.02;
    private static final double LARGEST_GRADIENT = 1.0;
    private static final int LOG_EVERY = 10;

    private final PretrainingSettings settings;
    private final TokenStream stream;
    private final List<SkillProbe> probes;
    private final SkillTest test;
    private final RunDirectory directory;
    private final List<CausalLm> models = new ArrayList<>();
    private final ExecutorService workers;

    Pretraining(PretrainingSettings settings, TokenStream stream, List<SkillProbe> probes, Tokenizer tokenizer)
            throws IOException {
        this.settings = settings;
        this.stream = stream;
        this.probes = probes;
        this.test = new SkillTest(tokenizer);
        this.directory = new RunDirectory(settings.directory());
        this.workers = Executors.newFixedThreadPool(settings.workers(), Thread.ofPlatform().daemon().factory());
    }

    /** Runs until all tokens are learned from, then writes the last checkpoint and the export. */
    void run() throws IOException {
        NativeThreads.use(1);
        models.add(CausalLm.create(settings.model(), settings.seed(), settings.halfProducts()));
        settings.from().ifPresent(dir -> RunDirectory.begin(models.getFirst(), dir));
        while (models.size() < settings.workers()) {
            models.add(models.getFirst().replica());
        }
        try (AdamW others = others()) {
            var optimizers = new RunDirectory.Optimizers(matrices(), others);
            RunState state = directory.restore(models.getFirst(), optimizers).orElseGet(() -> RunState.start(settings));
            try (var source = new BatchSource(stream, settings.rows(), settings.rowLength(), state,
                    passes(state))) {
                learn(state, source, optimizers);
            } finally {
                optimizers.matrices().forEach(Muon::close);
            }
        } finally {
            workers.shutdown();
            models.reversed().forEach(CausalLm::close);
        }
    }

    private List<Parameters.Slot> slots(boolean matrices) {
        return models.getFirst().weights().slots().stream()
                .filter(slot -> slot.name().endsWith("_proj.weight") == matrices).toList();
    }

    /** The matrices in as many neighbouring parts as there are workers. */
    private List<Muon> matrices() {
        List<Parameters.Slot> all = slots(true);
        var parts = new ArrayList<Muon>();
        int count = settings.workers();
        for (int i = 0; i < count; i++) {
            List<Parameters.Slot> part = all.subList(all.size() * i / count, all.size() * (i + 1) / count);
            parts.add(new Muon(models.getFirst().weights(), part, MATRIX_DECAY));
        }
        return parts;
    }

    private AdamW others() {
        Parameters weights = models.getFirst().weights();
        return new AdamW(weights, slots(false).getFirst().offset(), weights.size(), OTHERS);
    }

    private int passes(RunState state) {
        return settings.workers() * (state.tokens() < settings.growAfterTokens() ? 1 : 2);
    }

    private void learn(RunState start, BatchSource source, RunDirectory.Optimizers optimizers) throws IOException {
        RunState state = start;
        LossSum since = LossSum.ZERO;
        long checkpointed = System.nanoTime();
        long probed = System.nanoTime();
        while (!state.finished()) {
            long began = System.nanoTime();
            BatchSource.StepBatch batch = source.take(passes(state));
            double share = state.rateShare(settings.warmupTokens());
            double[] norm = new double[1];
            LossSum loss = step(batch, optimizers, share, norm);
            since = since.plus(loss);
            state = state.after(batch, (System.nanoTime() - began) / 1e9);
            if (state.step() % LOG_EVERY == 0) {
                directory.log(
                        line(state, since, share, norm[0], batch.realTokens() * 1e9 / (System.nanoTime() - began)));
                since = LossSum.ZERO;
            }
            var request = directory.decayRequest();
            if (request.isPresent()) {
                state = state.decayNow(request.get());
            }
            if (directory.stopRequested()) {
                save(state, optimizers);
                return;
            }
            if (System.nanoTime() - probed > settings.probeEvery().toNanos()) {
                probe(state);
                probed = System.nanoTime();
            }
            if (System.nanoTime() - checkpointed > settings.checkpointEvery().toNanos()) {
                save(state, optimizers);
                checkpointed = System.nanoTime();
            }
        }
        probe(state);
        save(state, optimizers);
    }

    private void save(RunState state, RunDirectory.Optimizers optimizers) throws IOException {
        directory.save(state, models.getFirst(), optimizers);
        directory.export(models.getFirst(), settings.tokenizer());
    }

    private LossSum step(BatchSource.StepBatch batch, RunDirectory.Optimizers optimizers, double share, double[] norm) {
        double weight = 1.0 / Math.max(1, batch.trainedTokens());
        var work = new ArrayList<Callable<LossSum>>();
        for (int worker = 0; worker < models.size(); worker++) {
            int mine = worker;
            work.add(() -> gradients(models.get(mine), mine, batch.batches(), weight));
        }
        LossSum loss = all(work).stream().reduce(LossSum.ZERO, LossSum::plus);
        Parameters weights = models.getFirst().weights();
        models.stream().skip(1).forEach(model -> weights.addGradients(model.weights()));
        norm[0] = weights.clipGradients(LARGEST_GRADIENT);
        var moves = new ArrayList<Callable<LossSum>>();
        for (Muon part : optimizers.matrices()) {
            moves.add(() -> {
                NativeThreads.use(1);
                part.step(settings.matrixRate() * share);
                return LossSum.ZERO;
            });
        }
        all(moves);
        optimizers.others().step(settings.otherRate() * share);
        models.getFirst().weightsChanged();
        return loss;
    }

    private LossSum gradients(CausalLm model, int worker, List<PackedBatch> batches, double weight) {
        NativeThreads.use(1);
        NativeThreads.flushTinyNumbers();
        model.weights().zeroGradients();
        LossSum sum = LossSum.ZERO;
        for (int i = worker; i < batches.size(); i += models.size()) {
            sum = sum.plus(model.accumulateGradients(batches.get(i), weight));
        }
        return sum;
    }

    private <T> List<T> all(List<Callable<T>> work) {
        try {
            var results = new ArrayList<T>();
            for (Future<T> future : workers.invokeAll(work)) {
                results.add(future.get());
            }
            return results;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted within a step", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a step failed", e.getCause());
        }
    }

    private static Map<String, Object> line(RunState state, LossSum since, double share, double norm, double speed) {
        var line = new LinkedHashMap<String, Object>();
        line.put("time", Instant.now().toString());
        line.put("step", state.step());
        line.put("tokens", state.tokens());
        line.put("loss", round(since.meanLoss()));
        line.put("accuracy", round(since.accuracy()));
        line.put("rate", round(share));
        line.put("norm", round(norm));
        line.put("tokens_per_second", Math.round(speed));
        line.put("seconds", Math.round(state.seconds()));
        return line;
    }

    private static double round(double value) {
        return Math.round(value * 10_000) / 10_000.0;
    }

    /** Skills are tested on all workers, a share of the probes each. */
    private void probe(RunState state) throws IOException {
        var work = new ArrayList<Callable<Map<String, Double>>>();
        for (SkillProbe probe : probes) {
            work.add(() -> {
                NativeThreads.use(1);
                return test.run(models.getFirst(), List.of(probe));
            });
        }
        var scores = new LinkedHashMap<String, Double>();
        all(work).forEach(part -> part.forEach((name, score) -> scores.put(name, round(score))));
        var line = new LinkedHashMap<String, Object>();
        line.put("time", Instant.now().toString());
        line.put("step", state.step());
        line.put("tokens", state.tokens());
        line.put("exact_match", scores);
        directory.log(line);
    }
}
