package dev.attune.dataset.quality;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * White space before and behind answers that some rows have and others do not. Indentation of code and the space where an
 * answer is nothing else are left alone. The fix takes it away from all answers.
 */
final class AnswerEdges implements QualityCheck, TextRepair {
    private static final CheckKind KIND = CheckKind.warning("answer_whitespace", "white space around some answers",
            "take it away, or let attune check --fix OUT do so",
            "Some answers begin or end with spaces or line ends and others do not, so the model gives them at random, and comparing its answers fails. Indented code is fine, and so is what all answers share.")
            .fixed(Repair.SAFE);

    private final Map<Edge, Reporter.Places> places = new EnumMap<>(Edge.class);

    private enum Edge {
        CLEAN("the answer has no white space around it, as other answers have"), BEFORE(
                "the answer begins with white space"),
        BEHIND("the answer ends with white space"), BOTH("the answer begins and ends with white space");

        private final String words;

        Edge(String words) {
            this.words = words;
        }

        static Edge of(boolean before, boolean behind) {
            return before ? behind ? BOTH : BEFORE : behind ? BEHIND : CLEAN;
        }
    }

    @Override
    public CheckKind kind() {
        return KIND;
    }

    @Override
    public List<CheckKind> kinds() {
        return List.of(KIND);
    }

    @Override
    public String repaired(Piece piece) {
        return piece.isAnswer() ? stripped(piece.text()) : piece.text();
    }

    private static String stripped(String text) {
        if (text.isBlank()) {
            return text;
        }
        String stripped = text.strip();
        int start = text.indexOf(stripped.charAt(0));
        int indent = text.lastIndexOf('\n', start) + 1;
        boolean code = start > indent && stripped.indexOf('\n') >= 0
                && stripped.lines().skip(1).anyMatch(line -> !line.isBlank() && Character.isWhitespace(line.charAt(0)));
        return code ? text.substring(indent).stripTrailing() : stripped;
    }

    @Override
    public String what(Piece piece) {
        return "the answer has white space around it";
    }

    @Override
    public Note look(RowTexts row) {
        var found = new Found(row.line());
        for (Piece piece : row.pieces()) {
            if (piece.isAnswer() && !piece.text().isBlank()) {
                String text = piece.text();
                Edge edge = Edge.of(!text.startsWith(stripped(text)), text.stripTrailing().length() < text.length());
                found.note(out -> places.computeIfAbsent(edge, key -> new Reporter.Places()).add(row.line(),
                        piece.pointer(), edge.words, edge == Edge.BEHIND ? Excerpt.end(text) : Excerpt.of(text)));
            }
        }
        return found.note();
    }

    @Override
    public void end(Reporter out) {
        if (places.size() < 2) {
            return;
        }
        Edge commonest = Edge.CLEAN;
        for (var entry : places.entrySet()) {
            commonest = entry.getValue().rows() > rows(commonest) ? entry.getKey() : commonest;
        }
        Edge other = Edge.CLEAN;
        for (Edge edge : Edge.values()) {
            other = edge != commonest && (other == commonest || rows(edge) > rows(other)) ? edge : other;
        }
        out.found(KIND, places.getOrDefault(other, new Reporter.Places()));
    }

    private int rows(Edge edge) {
        return places.containsKey(edge) ? places.get(edge).rows() : 0;
    }
}
