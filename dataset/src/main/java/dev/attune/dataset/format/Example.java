package dev.attune.dataset.format;

import java.util.List;
import java.util.Map;

/**
 * What a row means, whatever format it was written in. Messages are JSON objects of OpenAI's chat format, so that nothing
 * that only some formats know is lost between two that know it. Immutable by convention: nobody changes a list or map that
 * stands in one.
 */
sealed interface Example {

    /** The keys that stand beside the messages: {@code tools}, {@code parallel_tool_calls}. */
    Map<String, Object> settings();

    /** A conversation that shows what to say. */
    record Supervised(List<Map<String, Object>> messages, Map<String, Object> settings) implements Example {}

    /** A conversation up to a question, and two answers. */
    record Preference(List<Map<String, Object>> input, Map<String, Object> settings, Map<String, Object> preferred,
            Map<String, Object> nonPreferred) implements Example {}

    /**
     * A conversation up to a question, for a grader.
     *
     * @param reference keys that the grader reads
     */
    record Reinforcement(List<Map<String, Object>> messages, Map<String, Object> settings,
            Map<String, Object> reference) implements Example {}
}
