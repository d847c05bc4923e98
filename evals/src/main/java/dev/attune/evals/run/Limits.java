package dev.attune.evals.run;

import java.time.Duration;
import java.util.Map;

/**
 * How far a run may go.
 *
 * @param concurrency the most requests under way
 * @param request the most time for one request
 * @param run the most time for everything
 * @param calls the most requests that are sent, tries again included
 * @param usd the most money; +∞ for no limit
 * @param prices by model, US dollars a million tokens
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
        Price price = prices.get(model);
        return price == null || inputTokens < 0 || outputTokens < 0
                ? -1
                : (inputTokens * price.input() + outputTokens * price.output()) / 1e6;
    }
}
