package dev.attune.dataset.quality;

import dev.attune.dataset.CharacterTraits;
import java.lang.Character.UnicodeScript;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
/**
 * UTF-8 that was read as Windows-1252 or Latin-1: {@code Ã©} for {@code é}, {@code â€™} for an apostrophe. Runs of
 * characters that are a whole UTF-8 sequence in that reading are turned back, as often as it takes, where the outcome is
 * more likely than what stands there: each repair makes the text shorter, so there are strictly fewer of them after it.
 *
 * <p>Sequences that correct texts hold by chance are left alone: {@code arrivé…»} (a CJK character on its own),
 * {@code MANHÃ…} and {@code „MENÜ“} (a capital with an accent before a mark).
 */
final class Mojibake implements TextRepair {
    private static final CheckKind KIND = CheckKind.warning("mojibake", "characters garbled by a wrong encoding",
            "read the source as UTF-8, or let attune check --fix OUT repair it",
            "The text was UTF-8 and was read as Windows-1252, so é became Ã©. The model learns to write it that way. Only sequences that turn back into common characters are reported.")
            .fixed(Repair.SAFE);
    private static final Map<Character, Integer> BYTES = bytes();

    @Override
    public CheckKind kind() {
        return KIND;
    }

    @Override
    public String repaired(Piece piece) {
        return piece.signs().has(CharacterTraits.GARBLED) ? repaired(piece.text()) : piece.text();
    }

    static String repaired(String text) {
        String before = text;
        String after = once(before);
        while (!after.equals(before)) {
            before = after;
            after = once(before);
        }
        return after;
    }

    @Override
    public String what(Piece piece) {
        return "the text holds characters garbled by a wrong encoding";
    }

    /** @param codePoint what the characters from start to end mean as bytes of UTF-8 */
    private record Garbled(int start, int end, int codePoint) {}

    private static String once(String text) {
        List<Garbled> all = sequences(text);
        if (all.isEmpty()) {
            return text;
        }
        Set<UnicodeScript> foreign = foreignScripts(all);
        var repaired = new StringBuilder(text.length());
        int at = 0;
        for (Garbled garbled : all) {
            if (likely(text, garbled) || foreign.contains(UnicodeScript.of(garbled.codePoint))) {
                repaired.append(text, at, garbled.start).appendCodePoint(garbled.codePoint);
                at = garbled.end;
            }
        }
        return repaired.append(text, at, text.length()).toString();
    }

    private static List<Garbled> sequences(String text) {
        var all = new ArrayList<Garbled>(0);
        for (int i = 0; i < text.length() - 1; i++) {
            char c = text.charAt(i);
            int length = c < 0xC2 || c > 0xF4 ? 0 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
            if (length == 0 || i + length > text.length()) {
                continue;
            }
            int codePoint = c & 0xFF >> length + 1;
            for (int k = 1; k < length; k++) {
                int b = BYTES.getOrDefault(text.charAt(i + k), 0);
                codePoint = codePoint < 0 || b < 0x80 || b > 0xBF ? -1 : codePoint << 6 | b & 0x3F;
            }
            boolean shortest = codePoint >= (length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000);
            if (shortest && codePoint <= 0x10FFFF && (codePoint < 0xD800 || codePoint > 0xDFFF)) {
                all.add(new Garbled(i, i + length, codePoint));
                i += length - 1;
            }
        }
        return all;
    }

    /** Scripts of which two letters or more stand side by side: whole words that were garbled. */
    private static Set<UnicodeScript> foreignScripts(List<Garbled> all) {
        var scripts = new HashSet<UnicodeScript>();
        for (int i = 1; i < all.size(); i++) {
            Garbled before = all.get(i - 1);
            Garbled here = all.get(i);
            UnicodeScript script = UnicodeScript.of(here.codePoint);
            if (before.end == here.start && Character.isLetter(before.codePoint) && Character.isLetter(here.codePoint)
                    && script == UnicodeScript.of(before.codePoint) && script != UnicodeScript.LATIN
                    && script != UnicodeScript.COMMON) {
                scripts.add(script);
            }
        }
        return scripts;
    }

    private static boolean likely(String text, Garbled garbled) {
        int c = garbled.codePoint;
        char last = text.charAt(garbled.end - 1);
        char before = garbled.start == 0 ? ' ' : text.charAt(garbled.start - 1);
        char after = garbled.end == text.length() ? ' ' : text.charAt(garbled.end);
        if (c < 0x100) {
            boolean capitalBeforeMark = Character.isUpperCase(before) && !Character.isLetter(last)
                    && !Character.isLetter(after);
            return c >= 0xA0 && !capitalBeforeMark;
        }
        if (c < 0x180) {
            return Character.isLowerCase(before) || Character.isLowerCase(after);
        }
        return c >= 0x2010 && c <= 0x203A || c == 0x20AC || c == 0x2122 || c >= 0x2190 && c <= 0x2193 || c == 0x2212
                || c == 0x2248 || c == 0x2260 || c == 0x2264 || c == 0x2265 || c == 0x25CF || c == 0x2605 || c == 0x2705
                || c == 0x2713 || c == 0x2714 || c == 0x274C || c == 0x2764 || c == 0xFB01 || c == 0xFB02 || c == 0xFFFD
                || c == 0xFEFF || c >= 0x1F300 && c <= 0x1FAFF;
    }

    /** Which byte a character is in Windows-1252; where that has none, and for C1 controls, in Latin-1. */
    private static Map<Character, Integer> bytes() {
        var bytes = new HashMap<Character, Integer>();
        for (int b = 0x80; b <= 0xBF; b++) {
            bytes.put((char) b, b);
            char windows = new String(new byte[]{(byte) b}, Charset.forName("windows-1252")).charAt(0);
            if (windows != '\uFFFD') {
                bytes.put(windows, b);
            }
        }
        return bytes;
    }
}
