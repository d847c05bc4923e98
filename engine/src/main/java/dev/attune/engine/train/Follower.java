package dev.attune.engine.train;

import dev.attune.engine.EngineException;
import dev.attune.engine.tensor.NativeThreads;

import java.io.IOException;
import java.nio.file.Path;
import org.bytedeco.javacpp.PointerScope;

/** A worker that is not the first: takes its share of every step until the first one says that there is no other. */
final class Follower {
    private final JobDirectory directory;
    private final Ranks ranks;

    Follower(JobDirectory directory, Ranks ranks) {
        this.directory = directory;
        this.ranks = ranks;
    }

    /**
     * Trains as long as the first worker does.
     *
     * @throws Ranks.Lost where another worker is gone
     */
    void run() throws IOException {
        JobSpec spec = directory.spec();
        Start start = Start.heard(ranks);
        NativeThreads.use(start.threads);
        try (JobExamples examples = JobExamples.read(directory); JobRun run = open(spec, examples, start)) {
            run.takeReferences(directory.path().resolve(ReferenceFile.NAME));
            run.share(ranks);
            while (ranks.add(0)[0] > 0) {
                try (var scope = new PointerScope()) {
                    run.step();
                }
            }
        }
    }

    private JobRun open(JobSpec spec, JobExamples examples, Start start) {
        if (start.step == 0) {
            return JobRun.begin(spec, examples, start.threads, start.tokensPerPass);
        }
        CheckpointStore store = directory.store();
        Checkpoint checkpoint = store.intact(start.step).orElseThrow(() -> new EngineException("The checkpoint of step "
                + start.step + " in " + directory.path()
                + " is not what the first worker has: give all workers the same"
                + " job directory."));
        Path path = checkpoint.directory();
        return JobRun.resume(spec, examples, path, store.state(checkpoint));
    }

    /**
     * Where all workers begin.
     *
     * @param step of the checkpoint; 0 for none
     */
    record Start(int step, int threads, int tokensPerPass) {

        /** Tells the others. */
        static void tell(TrainingState state, Ranks ranks) {
            ranks.add(state.step(), state.threads(), state.tokensPerPass());
        }

        private static Start heard(Ranks ranks) {
            double[] told = ranks.add(0, 0, 0);
            return new Start((int) told[0], (int) told[1], (int) told[2]);
        }
    }
}
