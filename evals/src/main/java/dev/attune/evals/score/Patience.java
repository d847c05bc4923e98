package dev.attune.evals.score;

/** A text that a pattern may look at only so often: a pattern that backtracks without end is stopped, not waited for. */
final class Patience implements CharSequence {
    private static final int MOST_LOOKS = 20_000_000;

    private final CharSequence text;
    private int looks;

    Patience(CharSequence text) {
        this.text = text;
    }

    @Override
    public char charAt(int index) {
        if (++looks > MOST_LOOKS) {
            throw new UnscorableException("the pattern needs too long on this answer; write one that backtracks less");
        }
        return text.charAt(index);
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.subSequence(start, end);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
