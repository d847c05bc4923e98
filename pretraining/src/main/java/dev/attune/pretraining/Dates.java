package dev.attune.pretraining;

import dev.attune.pretraining.Values.Value;
import java.util.Locale;

/** Dates in the ways people write them, and in the one way machines do. */
final class Dates {
    private Dates() {}

    /** A date that is to be given back as it was written. */
    static Value of(Dice dice) {
        return new Value(written(new Day(dice), dice.below(8)));
    }

    /** A day of a year between 2019 and 2031. */
    record Day(int year, int month, int day) {
        Day(Dice dice) {
            this(dice.between(2019, 2031), dice.between(1, 12), dice.between(1, 28));
        }

        String iso() {
            return String.format(Locale.ROOT, "%04d-%02d-%02d", year, month, day);
        }
    }

    /** A day in one of eight ways of writing; the first four name the year. */
    static String written(Day date, int style) {
        String month = Lexicon.english().words("month").get(date.month() - 1);
        int day = date.day();
        return switch (style) {
            case 0 -> date.iso();
            case 1 -> day + " " + month + " " + date.year();
            case 2 -> month + " " + day + ", " + date.year();
            case 3 -> String.format(Locale.ROOT, "%02d.%02d.%d", day, date.month(), date.year());
            case 4 -> day + " " + month;
            case 5 -> month + " " + day;
            case 6 -> "the " + day + ordinal(day) + " of " + month;
            default -> month.substring(0, 3) + " " + day;
        };
    }

    static String ordinal(int day) {
        return switch (day % 10) {
            case 1 -> day == 11 ? "th" : "st";
            case 2 -> day == 12 ? "th" : "nd";
            case 3 -> day == 13 ? "th" : "rd";
            default -> "th";
        };
    }
}
