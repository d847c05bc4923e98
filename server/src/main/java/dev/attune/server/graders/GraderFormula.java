package dev.attune.server.graders;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A multi grader's {@code calculate_output}: {@code + - * / ^}, brackets, numbers, the keys of its graders, and
 * {@code min max abs floor ceil exp sqrt log}. Read once, by precedence climbing; immutable.
 */
final class GraderFormula {
    private static final Pattern TOKEN = Pattern
            .compile("\\s*(?:(\\d+\\.?\\d*(?:[eE][+-]?\\d+)?|\\.\\d+)|([\\p{L}_][\\p{L}\\p{N}_]*)|([-+*/^(),]))");
    private static final Set<String> FUNCTIONS = Set.of("min", "max", "abs", "floor", "ceil", "exp", "sqrt", "log");
    private static final int DEEPEST = 100;
    private static final int SIGN = 3;

    /** What has a value once the rewards are known. */
    private interface Term extends ToDoubleFunction<Map<String, Double>> {}

    private final String source;
    private final List<String> tokens;
    private final Set<String> names = new LinkedHashSet<>();
    private final Term root;
    private int at;

    private GraderFormula(String source) {
        this.source = source;
        this.tokens = tokens(source);
        this.root = term(0, 0);
        if (at < tokens.size()) {
            throw wrong("'" + tokens.get(at) + "' cannot stand there");
        }
    }

    /** @throws IllegalArgumentException where it cannot be read; the message says why */
    static GraderFormula of(String source) {
        return new GraderFormula(source);
    }

    /** The graders it needs. */
    Set<String> names() {
        return names;
    }

    /** The value for some rewards by key. */
    double value(Map<String, Double> rewards) {
        return root.applyAsDouble(rewards);
    }

    private static List<String> tokens(String source) {
        var tokens = new ArrayList<String>();
        String text = source.stripTrailing();
        Matcher token = TOKEN.matcher(text);
        int end = 0;
        while (end < text.length()) {
            if (!token.find(end) || token.start() != end) {
                throw new IllegalArgumentException(
                        "the formula \"" + source + "\" has a character at place " + (end + 1)
                                + " that no formula has");
            }
            tokens.add(token.group().strip());
            end = token.end();
        }
        return tokens;
    }

    private Term term(int weakest, int depth) {
        if (depth > DEEPEST) {
            throw wrong("it is nested too deeply");
        }
        Term left = single(depth);
        while (at < tokens.size() && binding(tokens.get(at)) > weakest) {
            String operator = tokens.get(at++);
            int binding = binding(operator);
            left = joined(operator, left, term(operator.equals("^") ? binding - 1 : binding, depth + 1));
        }
        return left;
    }

    private static Term joined(String operator, Term left, Term right) {
        return switch (operator) {
            case "+" -> rewards -> left.applyAsDouble(rewards) + right.applyAsDouble(rewards);
            case "-" -> rewards -> left.applyAsDouble(rewards) - right.applyAsDouble(rewards);
            case "*" -> rewards -> left.applyAsDouble(rewards) * right.applyAsDouble(rewards);
            case "/" -> rewards -> left.applyAsDouble(rewards) / right.applyAsDouble(rewards);
            default -> rewards -> Math.pow(left.applyAsDouble(rewards), right.applyAsDouble(rewards));
        };
    }

    private static int binding(String token) {
        return switch (token) {
            case "+", "-" -> 1;
            case "*", "/" -> 2;
            case "^" -> SIGN + 1;
            default -> 0;
        };
    }

    private Term single(int depth) {
        if (at == tokens.size()) {
            throw wrong("it ends too early");
        }
        String token = tokens.get(at++);
        if (token.equals("-")) {
            Term term = term(SIGN, depth + 1);
            return rewards -> -term.applyAsDouble(rewards);
        }
        if (token.equals("(")) {
            Term term = term(0, depth + 1);
            need(")");
            return term;
        }
        if (Character.isDigit(token.charAt(0)) || token.charAt(0) == '.') {
            double number = Double.parseDouble(token);
            return rewards -> number;
        }
        if (FUNCTIONS.contains(token) && at < tokens.size() && tokens.get(at).equals("(")) {
            return call(token, depth);
        }
        if (!Character.isLetter(token.charAt(0)) && token.charAt(0) != '_') {
            throw wrong("'" + token + "' cannot stand there");
        }
        names.add(token);
        return rewards -> rewards.getOrDefault(token, Double.NaN);
    }

    private Term call(String function, int depth) {
        need("(");
        var arguments = new ArrayList<Term>();
        arguments.add(term(0, depth + 1));
        while (at < tokens.size() && tokens.get(at).equals(",")) {
            at++;
            arguments.add(term(0, depth + 1));
        }
        need(")");
        boolean many = function.equals("min") || function.equals("max");
        if (!many && arguments.size() > 1) {
            throw wrong(function + " takes one value");
        }
        Term first = arguments.getFirst();
        return switch (function) {
            case "min" -> rewards -> arguments.stream().mapToDouble(a -> a.applyAsDouble(rewards)).min().orElseThrow();
            case "max" -> rewards -> arguments.stream().mapToDouble(a -> a.applyAsDouble(rewards)).max().orElseThrow();
            case "abs" -> rewards -> Math.abs(first.applyAsDouble(rewards));
            case "floor" -> rewards -> Math.floor(first.applyAsDouble(rewards));
            case "ceil" -> rewards -> Math.ceil(first.applyAsDouble(rewards));
            case "exp" -> rewards -> Math.exp(first.applyAsDouble(rewards));
            case "sqrt" -> rewards -> Math.sqrt(first.applyAsDouble(rewards));
            default -> rewards -> Math.log(first.applyAsDouble(rewards));
        };
    }

    private void need(String token) {
        if (at == tokens.size() || !tokens.get(at).equals(token)) {
            throw wrong("'" + token + "' is missing");
        }
        at++;
    }

    private IllegalArgumentException wrong(String why) {
        return new IllegalArgumentException("the formula \"" + source + "\" cannot be read: " + why);
    }
}
