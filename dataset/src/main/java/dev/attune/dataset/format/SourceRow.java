package dev.attune.dataset.format;

import dev.attune.dataset.Problem;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One record of a file.
 *
 * @param line line that it begins on, the first is 1
 * @param at JSON pointer to it in its file, where the file is one JSON value; otherwise empty
 * @param object its keys or columns; null where the record cannot be read
 * @param problems what is wrong with it as text; with an error among them it is not converted
 */
record SourceRow(int line, String at, @Nullable Map<String, Object> object, List<Problem> problems) {

    boolean isFaulty() {
        return object == null || problems.stream().anyMatch(Problem::isError);
    }
}
