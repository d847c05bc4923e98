package dev.attune.evals.score;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Arithmetic over named scores: {@code + - * / ( )}, numbers, names, and {@code min max abs floor ceil exp sqrt log}.
 * Parsed once by recursive descent; immutable.
 */
public final class Formula {
    private static final int DEEPEST = 100;

    /** A part that has a value. */
    private interface Part {
        double value(Map<String, Double> scores);
    }

    private final String source;
    private final Set<String> names;
    private final Part root;

    private Formula(String source, Set<String> names, Part root) {
        this.source = source;
        this.names = names;
        this.root = root;
    }

    /** @throws IllegalArgumentException where it cannot be read; the message says where */
    public static Formula of(String source) {
        var reader = new Reader(source);
        Part root = reader.sum(0);
        reader.end();
        return new Formula(source, Set.copyOf(reader.names), root);
    }

    public String source() {
        return source;
    }

    /** The names of the scores that it needs. */
    public Set<String> names() {
        return names;
    }

    double value(Map<String, Double> scores) {
        return root.value(scores);
    }

    private static final class Reader {
        private final String text;
        private final Set<String> names = new LinkedHashSet<>();
        private int at;

        Reader(String text) {
            this.text = text;
        }

        Part sum(int depth) {
            if (depth > DEEPEST) {
                throw wrong("too many brackets");
            }
            Part left = product(depth);
            while (true) {
                Part before = left;
                if (take('+')) {
                    Part right = product(depth);
                    left = scores -> before.value(scores) + right.value(scores);
                } else if (take('-')) {
                    Part right = product(depth);
                    left = scores -> before.value(scores) - right.value(scores);
                } else {
                    return left;
                }
            }
        }

        private Part product(int depth) {
            Part left = single(depth);
            while (true) {
                Part before = left;
                if (take('*')) {
                    Part right = single(depth);
                    left = scores -> before.value(scores) * right.value(scores);
                } else if (take('/')) {
                    Part right = single(depth);
                    left = scores -> before.value(scores) / right.value(scores);
                } else {
                    return left;
                }
            }
        }

        private Part single(int depth) {
            if (depth > DEEPEST) {
                throw wrong("too many signs");
            }
            if (take('-')) {
                Part part = single(depth + 1);
                return scores -> -part.value(scores);
            }
            if (take('(')) {
                Part part = sum(depth + 1);
                need(')');
                return part;
            }
            int from = at;
            if (at < text.length() && (Character.isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
                while (at < text.length() && (Character.isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
                    at++;
                }
                return number(text.substring(from, at));
            }
            while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
                at++;
            }
            if (from == at) {
                throw wrong("a number, a name or a bracket is expected");
            }
            String name = text.substring(from, at);
            return take('(') ? call(name, depth) : named(name);
        }

        private Part number(String digits) {
            try {
                double value = Double.parseDouble(digits);
                return scores -> value;
            } catch (NumberFormatException e) {
                throw wrong(digits + " is no number");
            }
        }

        private Part named(String name) {
            names.add(name);
            return scores -> scores.getOrDefault(name, Double.NaN);
        }

        private Part call(String name, int depth) {
            List<Part> arguments = new ArrayList<>();
            do {
                arguments.add(sum(depth + 1));
            } while (take(','));
            need(')');
            boolean many = name.equals("min") || name.equals("max");
            if (!many && arguments.size() != 1) {
                throw wrong(name + " takes one value");
            }
            Part first = arguments.getFirst();
            return switch (name) {
                case "min" -> scores -> arguments.stream().mapToDouble(a -> a.value(scores)).min().orElse(Double.NaN);
                case "max" -> scores -> arguments.stream().mapToDouble(a -> a.value(scores)).max().orElse(Double.NaN);
                case "abs" -> scores -> Math.abs(first.value(scores));
                case "floor" -> scores -> Math.floor(first.value(scores));
                case "ceil" -> scores -> Math.ceil(first.value(scores));
                case "exp" -> scores -> Math.exp(first.value(scores));
                case "sqrt" -> scores -> Math.sqrt(first.value(scores));
                case "log" -> scores -> Math.log(first.value(scores));
                default -> throw wrong(
                        "there is no function " + name + "; there are min, max, abs, floor, ceil, exp, sqrt, log");
            };
        }

        private boolean take(char c) {
            blanks();
            if (at < text.length() && text.charAt(at) == c) {
                at++;
                blanks();
                return true;
            }
            return false;
        }

        private void need(char c) {
            if (!take(c)) {
                throw wrong("'" + c + "' is missing");
            }
        }

        void end() {
            blanks();
            if (at < text.length()) {
                throw wrong("nothing may follow here");
            }
        }

        private void blanks() {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
        }

        private IllegalArgumentException wrong(String what) {
            return new IllegalArgumentException(
                    "The formula \"" + text + "\" cannot be read at character " + (at + 1) + ": " + what + ".");
        }
    }
}
