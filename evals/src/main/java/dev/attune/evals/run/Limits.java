package dev.attune.evals.run;

import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/**
 * How far a run may go.
 *
 * @param concurrency the most requests under way
 * @param request the most time for one request
 * @param run the most time for everything
 * @param calls the most requests that are sent, tries again included
 * @param usd the most money; +∞ for no limit
 * @param prices by model, US dollars a million tokens; a name that ends in {@code *} stands for all that begin like it
 */
public record Limits(int concurrency, Duration request, Duration run, long calls, double usd,
        Map<String, Price> prices) {
    /** Sixteen at once, two minutes a request, a day for all, no end of calls and money. */
    public static final Limits DEFAULT = new Limits(16, Duration.ofMinutes(2), Duration.ofDays(1), Long.MAX_VALUE,
            Double.POSITIVE_INFINITY, Map.of());

    /** US dollars a million tokens. */
    public record Price(double input, double output) {}

    public Limits {
        prices = Map.copyOf(prices);
    }

    /** What an answer cost; −1 where the price or the tokens are not known. */
    public double usd(String model, long inputTokens, long outputTokens) {
        Optional<Price> price = price(model);
        return price.isEmpty() || inputTokens < 0 || outputTokens < 0
                ? -1
                : (inputTokens * price.get().input() + outputTokens * price.get().output()) / 1e6;
    }

    /** The price of a model: its own, else that of the longest beginning of its name. */
    public Optional<Price> price(String model) {
        Price own = prices.get(model);
        return own != null
                ? Optional.of(own)
                : prices.entrySet().stream()
                        .filter(e -> e.getKey().endsWith("*")
                                && model.startsWith(e.getKey().substring(0, e.getKey().length() - 1)))
                        .max(Comparator.comparingInt(e -> e.getKey().length())).map(Map.Entry::getValue);
    }
}
