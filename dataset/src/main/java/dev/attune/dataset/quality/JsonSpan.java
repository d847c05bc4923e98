package dev.attune.dataset.quality;

import java.util.List;
import java.util.Optional;

/**
 * A JSON value and where it stands in its line, so that a piece can be replaced and all else keeps its bytes. Immutable.
 */
sealed interface JsonSpan {
    /** Index of its first character. */
    int start();

    /** Index behind its last character. */
    int end();

    record Member(Text key, JsonSpan value) {}

    record Structure(int start, int end, List<Member> members) implements JsonSpan {
        Optional<JsonSpan> get(String key) {
            return members.stream().filter(member -> member.key.value.equals(key)).map(Member::value).findFirst();
        }

        boolean hasDuplicateKeys() {
            return members.stream().map(member -> member.key.value).distinct().count() < members.size();
        }
    }

    record Sequence(int start, int end, List<JsonSpan> elements) implements JsonSpan {}

    /** @param value the string that the literal between start and end means */
    record Text(int start, int end, String value) implements JsonSpan {}

    /** A number, true, false or null. */
    record Scalar(int start, int end) implements JsonSpan {}

    /** The value in a line, or nothing where the line is not one JSON value or has a key twice in one object. */
    static Optional<JsonSpan> parse(String line) {
        return new JsonSpanParser(line).parse();
    }

    /** The value that an RFC 6901 pointer names. */
    default Optional<JsonSpan> at(String pointer) {
        JsonSpan here = this;
        for (String step : pointer.isEmpty() ? new String[0] : pointer.substring(1).split("/", -1)) {
            String key = step.replace("~1", "/").replace("~0", "~");
            Optional<JsonSpan> next = switch (here) {
                case Structure object -> object.get(key);
                case Sequence array -> key.matches("[0-9]{1,9}") && Integer.parseInt(key) < array.elements.size()
                        ? Optional.of(array.elements.get(Integer.parseInt(key)))
                        : Optional.empty();
                default -> Optional.empty();
            };
            if (next.isEmpty()) {
                return next;
            }
            here = next.get();
        }
        return Optional.of(here);
    }
}
