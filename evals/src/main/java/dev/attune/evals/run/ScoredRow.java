package dev.attune.evals.run;

import java.util.List;

/**
 * One answer with its scores.
 *
 * @param repeat which of several answers to the question, from 0
 * @param outcomes one for each scorer, in their order
 */
public record ScoredRow(Question question, int repeat, Asker.Reply reply, List<Outcome> outcomes) {
    public ScoredRow {
        outcomes = List.copyOf(outcomes);
    }

    /** Whether there is an answer. */
    public boolean isAnswered() {
        return reply instanceof Asker.Reply.Given;
    }

    /** The answer's text; empty where there is none. */
    public String text() {
        return reply instanceof Asker.Reply.Given given ? given.answer().text() : "";
    }
}
