package dev.attune.workflow;

/** Hears what a run does, on the run's own threads, one event at a time. */
@FunctionalInterface
public interface RunListener {
    void on(RunEvent event);
}
