package dev.attune.evals.score;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * One answer with what it is held against.
 *
 * @param item the row's own fields, which templates may name
 * @param question what was asked, in plain text
 * @param expected the reference answer; empty where there is none
 * @param referenced whether there is a reference
 * @param answer what the model said
 */
public record Sample(JsonNode item, String question, String expected, boolean referenced, Answer answer) {

    /** An answer and its reference, and nothing else. */
    public static Sample of(String expected, String actual) {
        return new Sample(JsonNodeFactory.instance.objectNode(), "", expected, true, Answer.of(actual));
    }

    /** What the model said, without white space around it. */
    public String text() {
        return answer.text();
    }

    /**
     * The reference.
     *
     * @throws UnscorableException where the row has none
     */
    public String reference() {
        if (!referenced) {
            throw new UnscorableException("the row has no expected answer");
        }
        return expected;
    }

    /** The same row with another reference and answer, for a part of it. */
    Sample part(String otherExpected, String otherActual) {
        return new Sample(item, question, otherExpected, true, Answer.of(otherActual));
    }
}
