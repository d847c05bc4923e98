package dev.attune.engine.train;

import java.nio.file.Path;
import java.util.Map;

/**
 * One of several processes that train a job together, on one machine or more that share the job's directory. Each takes a
 * share of every batch; gradients and losses are added, so that it is the training of one process with the whole batch.
 */
public final class TrainWorker {
    private TrainWorker() {}

    /**
     * Trains until the job is over, someone wishes its end, or another worker is gone; what was done since the newest
     * checkpoint is kept, and any number of workers can go on.
     *
     * @param environment {@code RANK}, {@code WORLD_SIZE}, {@code MASTER_ADDR} and {@code MASTER_PORT}, as launchers set
     *        them
     * @return 0 where the job is over, 3 where it is to be gone on with, else 1
     * @throws EngineException where the directory holds no job, or the environment does not say which worker this is
     */
    public static int run(Path job, Map<String, String> environment) {
        JobDirectory directory = JobDirectory.open(job);
        WorkerPlace place = WorkerPlace.of(environment);
        return TrainerMain.supervise(stop -> {
            try (Ranks ranks = place.size() == 1 ? Ranks.ALONE : GlooRanks.join(place)) {
                if (place.rank() == 0) {
                    return TrainerMain.train(directory, stop, ranks);
                }
                new Follower(directory, ranks).run();
                return TrainerProcess.DONE;
            } catch (Ranks.Lost e) {
                if (directory.outcome().isPresent()) {
                    return TrainerProcess.DONE;
                }
                System.err.println(e.getMessage() + " Start the workers again; any number of them goes on.");
                return TrainerProcess.INTERRUPTED;
            }
        });
    }
}
