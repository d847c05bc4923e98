package dev.attune.dataset.quality;

/** Recognises one kind of personal data or secret in a text. Implementations are stateless. */
interface SensitiveData {
    /** The problem that a text with it has. */
    CheckKind kind();

    /** What stands in place of a value: {@code EMAIL} for {@code [EMAIL]} and {@code [EMAIL_1]}. */
    String label();

    /** Tells the place of each value. */
    void find(String text, TextSigns signs, Places places);

    /** A value without what can be written in several ways: numbers without their spaces and dashes. */
    default String canonical(String value) {
        return value;
    }

    /** Told where a value stands: from the first of its characters to behind the last. */
    @FunctionalInterface
    interface Places {
        void found(int start, int end);
    }
}
