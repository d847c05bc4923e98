package dev.attune.evals.run;

import dev.attune.evals.score.Answer;

/** A model behind chat completions. Implementations are thread-safe, try once, and do not wait beyond the call's timeout. */
public interface ChatModel {

    /** The name that the endpoint knows it by. */
    String name();

    /** What tells it from models of the same name elsewhere or at another time, such as the base URL; part of the cache key. */
    String identity();

    /**
     * Asks once.
     *
     * @throws ModelException where there is no answer; it says whether to try again
     */
    Answer ask(ChatCall call) throws ModelException, InterruptedException;
}
