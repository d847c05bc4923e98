package dev.attune.engine.train;

import dev.attune.engine.EngineException;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A trainer in a Java process of its own, so that native memory, a crash or a kill of the trainer is no one else's. It
 * ends by itself, after a checkpoint, when the process that started it dies. Its output goes to {@code trainer.log} in
 * the job directory. Thread-safe.
 *
 * <p>
 * Taken from this process: the Java it runs on, its class path ({@code -Dattune.classpath} where given) and, where
 * given, the AOT cache {@code -Dattune.aotCache}.
 */
public final class TrainerProcess implements AutoCloseable {
    /** The trainer's exit code where the job is over, with whichever outcome. */
    static final int DONE = 0;
    /** The trainer's exit code where it stopped after a checkpoint and is to be started again. */
    static final int INTERRUPTED = 3;
    /** The trainer's exit code where another trainer has the directory. */
    static final int TAKEN = 4;
    static final String PARENT_VARIABLE = "ATTUNE_PARENT_PID";
    private static final long CLOSE_SECONDS = 20;

    private final Process process;

    private TrainerProcess(Process process) {
        this.process = process;
    }

    /**
     * Starts or continues a job.
     *
     * @throws EngineException where no process can be started
     */
    public static TrainerProcess start(JobDirectory directory) {
        var builder = new ProcessBuilder(command(directory.path()));
        builder.environment().put("OMP_WAIT_POLICY", "PASSIVE");
        builder.environment().put(PARENT_VARIABLE, Long.toString(ProcessHandle.current().pid()));
        builder.redirectErrorStream(true).redirectOutput(Redirect.appendTo(directory.log().toFile()));
        builder.redirectInput(Redirect.from(new File(File.separatorChar == '/' ? "/dev/null" : "NUL")));
        try {
            return new TrainerProcess(builder.start());
        } catch (IOException e) {
            throw new EngineException("The trainer of job " + directory.spec().jobId() + " cannot be started: "
                    + e.getMessage() + ".", e);
        }
    }

    private static List<String> command(Path job) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseSerialGC", "-Xms32m", "-Xmx512m", "-XX:TieredStopAtLevel=1",
                // The native memory is libtorch's own affair: JavaCPP's limits are guesses from the Java heap's size.
                "-Dorg.bytedeco.javacpp.maxBytes=0", "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0"));
        String aotCache = System.getProperty("attune.aotCache", "");
        if (!aotCache.isEmpty()) {
            command.add("-XX:AOTCache=" + aotCache);
        }
        for (String property : List.of("attune.threads", "attune.checkpointSeconds", "org.bytedeco.javacpp.cachedir")) {
            String value = System.getProperty(property, "");
            if (!value.isEmpty()) {
                command.add("-D" + property + "=" + value);
            }
        }
        command.add("-cp");
        command.add(System.getProperty("attune.classpath", System.getProperty("java.class.path")));
        command.add("dev.attune.engine.train.TrainerMain");
        command.add(job.toString());
        return command;
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    /**
     * Waits for the end.
     *
     * @return 0 where the job is over (its progress says how); else the trainer ended early and can be started again
     */
    public int waitFor() throws InterruptedException {
        return process.waitFor();
    }

    /** Completes with what {@link #waitFor} would return. */
    public CompletableFuture<Integer> onExit() {
        return process.onExit().thenApply(Process::exitValue);
    }

    /** Ends the process at once, in the midst of whatever it does; a later start goes on from the newest checkpoint. */
    public void destroyForcibly() {
        process.destroyForcibly();
    }

    /** Asks the trainer to make a checkpoint and end, and waits for it; after 20 seconds it is killed. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
