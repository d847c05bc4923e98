package dev.attune.dataset.quality;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Answers and questions far longer or shorter than the others: z = (ln n − median) / (1.4826 · MAD) beyond ±3.5 (Iglewicz
 * and Hoaglin 1993), and at least four times the median length or a quarter of it, so that a file of nearly equal lengths
 * has none. The median and the MAD come from a histogram of ln n in steps of 0.01; only the extreme rows are kept.
 */
final class LengthOutliers implements QualityCheck {
    private static final CheckKind KIND = CheckKind.advice("length_outlier",
            "a text far longer or shorter than the others",
            "look whether it belongs here",
            "Its length lies more than 3.5 robust standard deviations from the middle on a logarithmic scale, and is at least four times the middle or a quarter of it. Such rows are often pasted documents or empty forms; a few long answers are fine.");

    private static final double STEP = 0.01;
    private static final int STEPS = 2_200;
    private static final int KEPT = Finding.MOST_LINES;
    private static final int EXCERPT = 300;
    private static final int FEWEST = 50;
    private static final int SHORTEST_MEDIAN = 20;
    private static final double FAR = 3.5;
    private static final double FACTOR = Math.log(4);
    private static final double MAD_TO_DEVIATION = 1.4826;
    private static final double MOST_OF_ALL = 0.02;

    private final Spread answers = new Spread("answer");
    private final Spread questions = new Spread("question");

    @Override
    public List<CheckKind> kinds() {
        return List.of(KIND);
    }

    @Override
    public Note look(RowTexts row) {
        return out -> {
            answers.add(row.line(), row.answerPointer(), row.answer());
            questions.add(row.line(), row.questionPointer(), row.question());
        };
    }

    @Override
    public void end(Reporter out) {
        var places = new ArrayList<Place>();
        places.addAll(answers.outliers());
        places.addAll(questions.outliers());
        places.sort(Comparator.comparingInt(Place::line));
        for (Place place : places) {
            out.found(KIND, place.line, place.pointer, place.what, place.excerpt);
        }
    }

    private record Place(int line, String pointer, int length, String what, Excerpt excerpt) {}

    /** The lengths of one kind of text. */
    private static final class Spread {
        private final String name;
        private final int[] histogram = new int[STEPS];
        private final PriorityQueue<Place> longest = new PriorityQueue<>(Comparator.comparingInt(Place::length));
        private final PriorityQueue<Place> shortest = new PriorityQueue<>(
                Comparator.comparingInt(Place::length).reversed());
        private int count;

        Spread(String name) {
            this.name = name;
        }

        void add(int line, String pointer, String text) {
            if (text.isBlank()) {
                return;
            }
            count++;
            histogram[Math.min(STEPS - 1, (int) (Math.log(text.length()) / STEP))]++;
            boolean isLong = longest.size() < KEPT || text.length() > longest.element().length;
            boolean isShort = shortest.size() < KEPT || text.length() < shortest.element().length;
            if (isLong || isShort) {
                var place = new Place(line, pointer, text.length(), "",
                        Excerpt.of(text.substring(0, Math.min(EXCERPT, text.length()))));
                keep(longest, place);
                keep(shortest, place);
            }
        }

        private static void keep(PriorityQueue<Place> queue, Place place) {
            queue.add(place);
            if (queue.size() > KEPT) {
                queue.poll();
            }
        }

        List<Place> outliers() {
            double median = median();
            if (count < FEWEST || Math.exp(median) < SHORTEST_MEDIAN) {
                return List.of();
            }
            double deviation = MAD_TO_DEVIATION * mad(median);
            double limit = Math.max(FACTOR, FAR * deviation);
            long far = 0;
            for (int i = 0; i < STEPS; i++) {
                far += Math.abs(i * STEP - median) > limit ? histogram[i] : 0;
            }
            if (far > MOST_OF_ALL * count) {
                return List.of();
            }
            var places = new ArrayList<Place>();
            for (PriorityQueue<Place> queue : List.of(longest, shortest)) {
                for (Place place : queue) {
                    if (Math.abs(Math.log(place.length) - median) > limit) {
                        places.add(new Place(place.line, place.pointer, place.length,
                                "the %s has %,d characters, the middle one %,.0f".formatted(name, place.length,
                                        Math.exp(median)),
                                place.excerpt));
                    }
                }
            }
            return places;
        }

        private double median() {
            int sum = 0;
            for (int i = 0; i < STEPS; i++) {
                sum += histogram[i];
                if (2L * sum >= count) {
                    return i * STEP;
                }
            }
            return 0;
        }

        /** The median of the distances from the median. */
        private double mad(double median) {
            int middle = (int) Math.round(median / STEP);
            int sum = 0;
            for (int distance = 0; distance < STEPS; distance++) {
                sum += middle + distance < STEPS ? histogram[middle + distance] : 0;
                sum += distance > 0 && middle - distance >= 0 ? histogram[middle - distance] : 0;
                if (2L * sum >= count) {
                    return distance * STEP;
                }
            }
            return 0;
        }
    }
}
