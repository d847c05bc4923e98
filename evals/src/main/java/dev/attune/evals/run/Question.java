package dev.attune.evals.run;

import dev.attune.evals.score.Answer;
import dev.attune.evals.score.Sample;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * One row to ask.
 *
 * @param id what the row is called in every report; unique in its file
 * @param line in its file, from 1
 * @param messages a list in OpenAI's form, without the reference answer
 * @param tools a list in OpenAI's form; empty for none
 * @param item the row's own fields, which templates may name
 * @param expected the reference answer; empty where there is none
 * @param referenced whether there is a reference
 * @param metadata what slices are made of
 */
public record Question(String id, int line, JsonNode messages, JsonNode tools, JsonNode item, String expected,
        boolean referenced, Map<String, String> metadata) {
    public Question {
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    /** What the user said last. */
    public String text() {
        String last = "";
        for (JsonNode message : messages) {
            if (message.path("role").asString("").equals("user") || last.isEmpty()) {
                last = content(message.path("content"));
            }
        }
        return last;
    }

    /** The question with an answer, as scorers see it. */
    public Sample answered(Answer answer) {
        return new Sample(item, text(), expected, referenced, answer);
    }

    /** Text of a message, its text parts one after the other. */
    static String content(JsonNode content) {
        if (content.isString()) {
            return content.asString();
        }
        var text = new StringBuilder();
        for (JsonNode part : content) {
            if (part.path("type").asString("text").equals("text")) {
                text.append(part.path("text").asString(""));
            }
        }
        return text.toString();
    }
}
