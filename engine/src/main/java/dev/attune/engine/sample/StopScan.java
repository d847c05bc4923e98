package dev.attune.engine.sample;

import java.util.List;

/**
 * Watches growing text for stop texts. What is released is never part of a stop text: the end of the text that may yet
 * become one is held back. The first stop text to become complete ends the text, whatever the pieces it comes in. Not
 * thread-safe.
 */
final class StopScan {
    private final List<String> stops;
    private final StringBuilder held = new StringBuilder();
    private boolean stopped;

    /** @param stops not empty texts */
    StopScan(List<String> stops) {
        this.stops = stops;
    }

    /** Takes the next piece and gives the text that is certain now; nothing more after a stop text. */
    String append(String piece) {
        var released = new StringBuilder();
        for (int i = 0; i < piece.length() && !stopped; i++) {
            held.append(piece.charAt(i));
            int start = completeStop();
            if (start >= 0) {
                released.append(held, 0, start);
                held.setLength(0);
                stopped = true;
            } else {
                int certain = held.length() - possibleStop();
                released.append(held, 0, certain);
                held.delete(0, certain);
            }
        }
        return released.toString();
    }

    /** The text held back, where no more is to come. */
    String finish() {
        String rest = held.toString();
        held.setLength(0);
        return rest;
    }

    boolean stopped() {
        return stopped;
    }

    /** Where the longest stop text that the held text ends with begins, or −1. */
    private int completeStop() {
        int start = -1;
        for (String stop : stops) {
            int at = held.length() - stop.length();
            if (at >= 0 && held.indexOf(stop, at) == at && (start < 0 || at < start)) {
                start = at;
            }
        }
        return start;
    }

    /** How many characters at the end of the held text are the beginning of a stop text. */
    private int possibleStop() {
        int longest = 0;
        for (String stop : stops) {
            for (int length = Math.min(stop.length() - 1, held.length()); length > longest; length--) {
                if (stop.startsWith(held.substring(held.length() - length))) {
                    longest = length;
                }
            }
        }
        return longest;
    }
}
