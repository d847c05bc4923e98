package dev.attune.cli;

import dev.attune.engine.EngineException;
import dev.attune.engine.train.TrainWorker;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code attune train-worker}: one of several processes that train a job together. */
@Command(name = "train-worker", mixinStandardHelpOptions = true, sortOptions = false, header = "Trains a job together with other processes, here or on other machines.", description = {
        "Started once for each process by any launcher that sets RANK, WORLD_SIZE, MASTER_ADDR and MASTER_PORT. All need the",
        "same job directory and base model. Ends with 3 where the job is to be gone on with, with any number of workers."}, footer = {
                "%nExample:",
                "  MASTER_ADDR=127.0.0.1 MASTER_PORT=29500 WORLD_SIZE=2 RANK=0 attune train-worker ~/.attune/jobs/ftjob-1"})
final class TrainWorkerCommand implements Callable<Integer> {
    @Parameters(paramLabel = "JOBDIR", description = "A job's directory.")
    Path job = Path.of("");

    @Override
    public Integer call() {
        try {
            int code = TrainWorker.run(job, System.getenv());
            // Not exit: a shutdown that a signal began waits for us.
            Runtime.getRuntime().halt(code);
            return code;
        } catch (EngineException e) {
            throw new CommandException(String.valueOf(e.getMessage()));
        }
    }
}
