package dev.attune.workflow;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an answer departs from the expected text, word by word: a longest common subsequence over words, runs of white
 * space and single signs. Texts of more than {@link #MOST_PIECES} pieces are compared as a whole.
 */
final class TextDiff {
    static final int MOST_PIECES = 2000;
    private static final double LEAST_SHARED = 0.4;
    private static final Pattern PIECE = Pattern.compile("[\\p{L}\\p{N}_]+|\\s+|.", Pattern.DOTALL);

    /** What a piece of text is in the answer. */
    enum Kind {
        SAME, EXTRA, MISSING
    }

    /** A run of text of one kind. */
    record Part(Kind kind, String text) {}

    private TextDiff() {}

    /**
     * The answer as runs; the missing ones stand where the expected text has them. An answer that shares less than two
     * fifths of the text is given whole and unmarked: marks everywhere would only hide it.
     */
    static List<Part> of(String expected, String answer) {
        List<Part> parts = marked(expected, answer);
        int same = parts.stream().filter(part -> part.kind() == Kind.SAME).mapToInt(part -> part.text().length()).sum();
        if (same >= LEAST_SHARED * Math.max(expected.length(), answer.length())) {
            return parts;
        }
        return answer.isEmpty() ? List.of() : List.of(new Part(Kind.SAME, answer));
    }

    /** All marks, however many. */
    static List<Part> marked(String expected, String answer) {
        List<String> a = pieces(expected);
        List<String> b = pieces(answer);
        if (a.size() > MOST_PIECES || b.size() > MOST_PIECES) {
            return List.of(new Part(expected.equals(answer) ? Kind.SAME : Kind.EXTRA, answer));
        }
        int[][] common = new int[a.size() + 1][b.size() + 1];
        for (int i = a.size() - 1; i >= 0; i--) {
            for (int j = b.size() - 1; j >= 0; j--) {
                common[i][j] = a.get(i).equals(b.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        var parts = new ArrayList<Part>();
        int i = 0;
        int j = 0;
        while (i < a.size() || j < b.size()) {
            if (i < a.size() && j < b.size() && a.get(i).equals(b.get(j))) {
                add(parts, Kind.SAME, a.get(i));
                i++;
                j++;
            } else if (j == b.size() || i < a.size() && common[i + 1][j] >= common[i][j + 1]) {
                add(parts, Kind.MISSING, a.get(i++));
            } else {
                add(parts, Kind.EXTRA, b.get(j++));
            }
        }
        return parts;
    }

    private static void add(List<Part> parts, Kind kind, String text) {
        if (!parts.isEmpty() && parts.getLast().kind() == kind) {
            parts.set(parts.size() - 1, new Part(kind, parts.getLast().text() + text));
        } else {
            parts.add(new Part(kind, text));
        }
    }

    private static List<String> pieces(String text) {
        var pieces = new ArrayList<String>();
        Matcher matcher = PIECE.matcher(text);
        while (matcher.find()) {
            pieces.add(matcher.group());
        }
        return pieces;
    }
}
