package dev.attune.dataset.format;

import dev.attune.dataset.DatasetException;
import dev.attune.dataset.Problem;
import dev.attune.dataset.ShellWord;
import dev.attune.dataset.format.ColumnMapping.Part;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Tells what the rows of a file are by the keys of its first rows. */
final class FormatSniffer {
    private static final int SAMPLE_ROWS = 50;
    private static final Set<String> CHAT_KEYS = Set.of("messages", "tools", "parallel_tool_calls", "functions");

    private final Path file;
    private final Container container;
    private final ReadOptions options;
    /** How many of the sampled rows have a key. */
    private final Map<String, Integer> keys = new LinkedHashMap<>();
    private int rows;
    private int readable;
    private int unanswered;
    private @Nullable Map<String, Object> first;
    private @Nullable Problem firstProblem;

    FormatSniffer(Path file, Container container, ReadOptions options) {
        this.file = file;
        this.container = container;
        this.options = options;
    }

    /** @param how by what it was told, as the end of a sentence */
    record Format(SourceFormat format, ColumnMapping mapping, String how) {}

    Format sniff() throws IOException {
        sample();
        if (!options.map().isEmpty()) {
            return mapped();
        }
        SourceFormat from = options.from();
        if (from != null && from != SourceFormat.QUESTION_ANSWER) {
            if (from == SourceFormat.MAPPED) {
                throw new DatasetException("--from mapped needs --map user=COLUMN,assistant=COLUMN");
            }
            return new Format(from, ColumnMapping.none(), "as --from says");
        }
        List<SourceFormat> candidates = from == null ? RowShape.candidates(keys.keySet()) : List.of();
        if (candidates.size() > 1) {
            throw new DatasetException(file + " can be read as " + candidates.stream()
                    .map(format -> format.title() + " (" + counted(RowShape.evidence(format, keys.keySet())) + ")")
                    .collect(Collectors.joining(" and as ")) + "; say which with --from "
                    + candidates.stream().map(SourceFormat::optionName).collect(Collectors.joining(" or --from ")));
        }
        if (candidates.isEmpty()) {
            return questionAndAnswer();
        }
        SourceFormat format = candidates.getFirst() == SourceFormat.CHAT && isReinforcement()
                ? SourceFormat.REINFORCEMENT
                : candidates.getFirst();
        String told = RowShape.names(RowShape.evidence(format, keys.keySet()));
        return new Format(format, ColumnMapping.none(), "by " + keyWord() + " " + told
                + (format == SourceFormat.REINFORCEMENT ? ", which end with the user, and the keys beside it" : ""));
    }

    private void sample() throws IOException {
        if (container instanceof Container.Table table) {
            table.columns().forEach(column -> keys.put(column, 0));
        }
        try (RecordReader records = RecordReader.open(file, container)) {
            SourceRow row = records.next();
            for (; row != null && rows < SAMPLE_ROWS; row = records.next()) {
                rows++;
                Map<String, Object> object = row.object();
                if (object == null) {
                    firstProblem = firstProblem == null && !row.problems().isEmpty()
                            ? row.problems().getFirst()
                            : firstProblem;
                    continue;
                }
                readable++;
                first = first == null ? object : first;
                object.keySet().forEach(key -> keys.merge(key, 1, Integer::sum));
                unanswered += isUnanswered(object) ? 1 : 0;
            }
            if (rows == 0) {
                throw new DatasetException(records.fileProblems()
                        .stream()
                        .filter(Problem::isError)
                        .findFirst()
                        .map(problem -> file + " has no row that can be read; " + problem)
                        .orElse(file + " has no rows; there is nothing to read in it"));
            }
        }
        if (readable == 0 && firstProblem != null && options.from() == null && options.map().isEmpty()) {
            throw new DatasetException(file + " has no row among the first " + rows
                    + " that can be read, so its format cannot be told; " + firstProblem);
        }
    }

    /** Whether a row ends with the user and has no answer anywhere. */
    private static boolean isUnanswered(Map<String, Object> row) {
        return row.get("messages") instanceof List<?> messages && !messages.isEmpty()
                && messages.getLast() instanceof Map<?, ?> last && "user".equals(last.get("role"));
    }

    /** All rows end with the user, and something stands beside the messages for a grader to read. */
    private boolean isReinforcement() {
        return unanswered == readable && keys.keySet().stream().anyMatch(key -> !CHAT_KEYS.contains(key));
    }

    private Format mapped() {
        SourceFormat from = options.from();
        if (from != null && from != SourceFormat.MAPPED && from != SourceFormat.QUESTION_ANSWER) {
            throw new DatasetException("--map says which columns are read, and --from " + from.optionName()
                    + " says the same in another way; give one of them");
        }
        var columns = new EnumMap<Part, List<String>>(Part.class);
        options.map().columns().forEach((part, names) -> columns.put(part, names.stream().map(this::column).toList()));
        var mapping = new ColumnMapping(columns);
        return new Format(SourceFormat.MAPPED, mapping, "as --map says: " + mapping);
    }

    private String column(String name) {
        String found = container instanceof Container.Table table
                ? TableSniffer.nameOf(table, name)
                : keys.containsKey(name) ? name : null;
        if (found == null) {
            throw new DatasetException("--map names '" + name + "', which " + file + " does not have; its "
                    + (isTable() ? "columns" : "keys") + " are " + RowShape.names(keys.keySet()));
        }
        return found;
    }

    private Format questionAndAnswer() {
        Map<Part, List<String>> parts = RowShape.pairs(keys.keySet());
        boolean pair = parts.containsKey(Part.PREFERRED) && parts.containsKey(Part.NON_PREFERRED)
                && !parts.containsKey(Part.ASSISTANT);
        if (!pair) {
            parts.remove(Part.PREFERRED);
            parts.remove(Part.NON_PREFERRED);
        }
        if (!parts.containsKey(Part.USER) || !pair && !parts.containsKey(Part.ASSISTANT)) {
            throw unknown();
        }
        List<String> contexts = RowShape.contexts(keys.keySet());
        var unclear = new ArrayList<String>();
        parts.forEach((part, names) -> {
            if (names.size() > 1) {
                unclear.add(part.optionName() + " may be " + RowShape.names(names));
            }
        });
        if (!contexts.isEmpty()) {
            unclear.add(RowShape.names(contexts) + " may belong to the question or not");
        }
        if (!unclear.isEmpty()) {
            String context = contexts.isEmpty() ? "" : contexts.getFirst() + "+";
            throw new DatasetException(file + " can be read in more than one way: " + String.join(", and ", unclear)
                    + "; say what is meant, for example with --map user=" + context
                    + parts.getOrDefault(Part.USER, List.of("COLUMN")).getFirst()
                    + (pair
                            ? ",preferred=preferred,non_preferred=non_preferred"
                            : ",assistant="
                                    + parts.getOrDefault(Part.ASSISTANT, List.of("COLUMN")).getFirst()));
        }
        var mapping = new ColumnMapping(parts);
        return new Format(SourceFormat.QUESTION_ANSWER, mapping, "by the names of the "
                + (isTable() ? "columns" : "keys") + ": " + mapping);
    }

    private DatasetException unknown() {
        Map<String, Object> row = first;
        if (row != null && readable == 1) {
            for (var entry : row.entrySet()) {
                if (entry.getValue() instanceof List<?> list && !list.isEmpty()
                        && list.getFirst() instanceof Map<?, ?>) {
                    return new DatasetException(file + " is one object, and its rows seem to stand in the key '"
                            + entry.getKey() + "'; write that list alone: jq '.[\"" + entry.getKey() + "\"]' "
                            + ShellWord.of(file.toString()) + " > rows.json");
                }
            }
        }
        if (keys.containsKey("custom_id") && keys.containsKey("body")) {
            return new DatasetException(file
                    + " holds batch requests, which have a question and no answer; a training file needs both");
        }
        String likely = RowShape.likelyMap(keys.keySet());
        return new DatasetException(file + " has rows of no known format (" + keyWord() + "s "
                + RowShape.names(keys.keySet())
                + "); say what is what with " + (likely.isEmpty() ? "--map user=COLUMN,assistant=COLUMN" : likely));
    }

    private boolean isTable() {
        return container instanceof Container.Table;
    }

    private String keyWord() {
        return isTable() ? "column" : "key";
    }

    private String counted(List<String> names) {
        return names.stream()
                .map(name -> "'" + name + "' in " + keys.getOrDefault(name, 0) + " of the first " + readable + " rows")
                .collect(Collectors.joining(", "));
    }
}
