package dev.attune.workflow;

import java.util.List;
import java.util.Map;

/** A value of a YAML document that knows where it stands; lines and columns count from 1. */
sealed interface YamlNode {

    int line();

    /** What the value is, in words for a message. */
    String describe();

    /** Keys in the order of the file. */
    record Mapping(int line, Map<String, Entry> entries) implements YamlNode {
        @Override
        public String describe() {
            return "a mapping";
        }
    }

    /** A value and the line of its key. */
    record Entry(int keyLine, YamlNode value) {}

    record Sequence(int line, List<YamlNode> items) implements YamlNode {
        @Override
        public String describe() {
            return "a list";
        }
    }

    record Text(int line, String value) implements YamlNode {
        @Override
        public String describe() {
            return "the text \"" + (value.length() > 40 ? value.substring(0, 40) + "…" : value) + "\"";
        }
    }

    record Number(int line, double value, String written) implements YamlNode {
        @Override
        public String describe() {
            return "the number " + written;
        }
    }

    record Flag(int line, boolean value) implements YamlNode {
        @Override
        public String describe() {
            return String.valueOf(value);
        }
    }

    record Nothing(int line) implements YamlNode {
        @Override
        public String describe() {
            return "empty";
        }
    }
}
