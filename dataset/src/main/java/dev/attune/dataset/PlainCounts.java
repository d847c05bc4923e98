package dev.attune.dataset;

import dev.attune.text.TokenTally;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Counts messages and tokens of plain rows straight from their bytes, for those who ask nothing else of them. Rows that are not
 * plain, or of which there is something to say, are looked at as objects. Immutable and thread-safe.
 */
public final class PlainCounts {
    private final Optional<OpenAiTokenCounter> counter;
    private final int most;
    private final Taker taker;

    /** What takes the numbers of a row; called in the order of the file, on the thread that reads. */
    @FunctionalInterface
    public interface Taker {
        /** @param tokens none where they are not counted */
        void row(int messages, TokenCount tokens);
    }

    private PlainCounts(Optional<OpenAiTokenCounter> counter, int most, Taker taker) {
        this.counter = counter;
        this.most = most;
        this.taker = taker;
    }

    /** Counts messages alone; the tokens of a row are 0. */
    public static PlainCounts ofMessages(Taker taker) {
        return new PlainCounts(Optional.empty(), 0, taker);
    }

    /**
     * Counts tokens too, where the counter counts as OpenAI does; nothing where it counts otherwise.
     *
     * @param most rows of more tokens are looked at as objects; 0 where there is no limit
     */
    public static Optional<PlainCounts> ofTokens(TokenCounter counter, int most, Taker taker) {
        return counter instanceof OpenAiTokenCounter hosted && hosted.tally().isPresent()
                ? Optional.of(new PlainCounts(Optional.of(hosted), most, taker))
                : Optional.empty();
    }

    /** What counts one row after another on one thread. */
    Counting counting() {
        return new Counting(counter.flatMap(OpenAiTokenCounter::tally), most);
    }

    /** Gives on what one piece of a file holds. */
    void take(Batch batch) {
        for (int i = 0; i < batch.rows; i++) {
            int[] numbers = batch.numbers;
            taker.row(numbers[Batch.WIDTH * i],
                    new TokenCount(numbers[Batch.WIDTH * i + 1], numbers[Batch.WIDTH * i + 2]));
        }
    }

    /** The numbers of rows that stand one after the other. Not thread-safe. */
    static final class Batch {
        private static final int WIDTH = 3;

        private int[] numbers = new int[WIDTH * 64];
        private int rows;

        private void add(int messages, int total, int trained) {
            int at = WIDTH * rows++;
            numbers = at == numbers.length ? Arrays.copyOf(numbers, 2 * at) : numbers;
            numbers[at] = messages;
            numbers[at + 1] = total;
            numbers[at + 2] = trained;
        }
    }

    /** Counts a row while it is read. Not thread-safe. */
    static final class Counting implements PlainRow.Listener {
        private static final PlainRow.Speaker[] SPEAKERS = PlainRow.Speaker.values();

        private final Optional<TokenTally> tally;
        private final int most;
        private final Map<PlainRow.Speaker, Integer> roles = new EnumMap<>(PlainRow.Speaker.class);
        private int messages;
        private int total;
        private int trained;

        Counting(Optional<TokenTally> tally, int most) {
            this.tally = tally;
            this.most = most;
            tally.ifPresent(one -> {
                for (PlainRow.Speaker speaker : SPEAKERS) {
                    roles.put(speaker, one.count(speaker.name().toLowerCase(Locale.ROOT)));
                }
            });
        }

        /** Begins a row. */
        void begin() {
            messages = 0;
            total = tally.isPresent() ? OpenAiTokenCounter.PER_EXAMPLE : 0;
            trained = 0;
        }

        @Override
        public void message(PlainRow.Speaker speaker, byte[] utf8, int from, int to, boolean isTrained) {
            messages++;
            if (tally.isPresent()) {
                int content = tally.get().count(utf8, from, to);
                total += OpenAiTokenCounter.PER_MESSAGE + roles.getOrDefault(speaker, 1) + content;
                trained += isTrained ? content : 0;
            }
        }

        /** Adds the row that was read; false, with nothing added, where there is something to say of its tokens. */
        boolean addTo(Batch batch) {
            if (tally.isPresent() && (trained == 0 || most > 0 && total > most)) {
                return false;
            }
            batch.add(messages, total, trained);
            return true;
        }
    }
}
