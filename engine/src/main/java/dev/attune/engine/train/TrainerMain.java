package dev.attune.engine.train;

import dev.attune.engine.EngineException;
import dev.attune.engine.tensor.NativeMemory;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The trainer's own process. It ends with 0 once the job is over, however that came about: the job's progress says it.
 * Asked to end (SIGTERM, SIGINT), or left alone by the process that started it, it makes a checkpoint and ends with 3;
 * started again, it goes on from there.
 */
public final class TrainerMain {
    private static final int WRONG_USAGE = 2;
    private static final long PARENT_CHECK_MILLIS = 300;
    private static final long STOP_SECONDS = 20;

    private TrainerMain() {}

    /**
     * Trains.
     *
     * @param args the job directory
     */
    public static void main(String[] args) {
        if (args.length != 1) {
            System.err.println("Give one job directory.");
            System.exit(WRONG_USAGE);
        }
        // Not exit: a shutdown that a signal began waits for us, and would end with the signal's code.
        Runtime.getRuntime().halt(
                supervise(stop -> train(JobDirectory.open(Path.of(args[0])), stop, Ranks.ALONE)));
    }

    /** What a trainer does. */
    interface Work {
        int run(AtomicBoolean stop) throws Exception;
    }

    /** Trains, and listens to signals and for the parent's end; gives the exit code. */
    static int supervise(Work work) {
        var stop = new AtomicBoolean();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stopAndWait(stop)));
        watchParent(stop);
        NativeMemory.keepFreed();
        try {
            return work.run(stop);
        } catch (EngineException e) {
            System.err.println(e.getMessage());
        } catch (Throwable e) {
            e.printStackTrace();
        }
        return 1;
    }

    static int train(JobDirectory directory, AtomicBoolean stop, Ranks ranks) throws Exception {
        Optional<AutoCloseable> lock = directory.lock();
        if (lock.isEmpty()) {
            System.err.println("Another trainer works in " + directory.path() + ".");
            return TrainerProcess.TAKEN;
        }
        try (var held = lock.get()) {
            var trainer = new Trainer(directory,
                    () -> stop.get() ? Trainer.Wish.STOP : Trainer.Wish.GO_ON,
                    Duration.ofSeconds(Long.getLong("attune.checkpointSeconds", 30)),
                    Integer.getInteger("attune.threads", Runtime.getRuntime().availableProcessors()), ranks);
            return trainer.run() == Trainer.Rest.OVER ? TrainerProcess.DONE : TrainerProcess.INTERRUPTED;
        } catch (IOException e) {
            System.err.println("The progress of the job cannot be written: " + e.getMessage());
            return 1;
        }
    }

    /** Asks the trainer to end, and gives it time: it halts the process itself. */
    private static void stopAndWait(AtomicBoolean stop) {
        stop.set(true);
        try {
            Thread.sleep(Duration.ofSeconds(STOP_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A process whose parent dies is given another one, even where the dead one is not yet buried. */
    private static void watchParent(AtomicBoolean stop) {
        String parent = System.getenv(TrainerProcess.PARENT_VARIABLE);
        if (parent == null) {
            return;
        }
        Thread.ofPlatform().daemon().name("parent-watch").start(() -> {
            while (!stop.get()) {
                String now = ProcessHandle.current().parent().map(handle -> Long.toString(handle.pid())).orElse("");
                if (!now.equals(parent)) {
                    stop.set(true);
                    return;
                }
                try {
                    Thread.sleep(PARENT_CHECK_MILLIS);
                } catch (InterruptedException e) {
                    return;
                }
            }
        });
    }
}
