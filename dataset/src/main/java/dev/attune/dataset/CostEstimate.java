package dev.attune.dataset;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What tuning on a dataset takes: epochs and tokens, and from them money or time. Validation tokens are free.
 *
 * @param model the base model
 * @param examples rows
 * @param epochs how often each row is trained on
 * @param tokensPerEpoch tokens of all rows, each cut to what the model takes
 * @param billedTokens {@code epochs × tokensPerEpoch}
 * @param usd the price in US dollars, where the price list knows the model
 * @param usdPerThousandRequests the price of a thousand requests like these rows to the tuned model: what is not trained is
 *            asked, what is trained is answered; where the price list knows the model
 * @param priceNote of when the price is, and where it was seen; empty without a price
 * @param duration the time it takes, where a speed was given
 */
public record CostEstimate(String model, int examples, int epochs, long tokensPerEpoch, long billedTokens,
        OptionalDouble usd, OptionalDouble usdPerThousandRequests, String priceNote, Optional<Duration> duration) {

    private static final int TARGET_EPOCHS = 3;
    private static final int MIN_TARGET_EXAMPLES = 100;
    private static final int MAX_TARGET_EXAMPLES = 25_000;
    private static final int MAX_DEFAULT_EPOCHS = 25;

    /** OpenAI's rule for {@code n_epochs: auto}: three, more where rows are few (at most 25), fewer where they are many. */
    public static int autoEpochs(int examples) {
        if (examples <= 0) {
            return TARGET_EPOCHS;
        }
        if ((long) examples * TARGET_EPOCHS < MIN_TARGET_EXAMPLES) {
            return Math.min(MAX_DEFAULT_EPOCHS, MIN_TARGET_EXAMPLES / examples);
        }
        if ((long) examples * TARGET_EPOCHS > MAX_TARGET_EXAMPLES) {
            return Math.max(1, MAX_TARGET_EXAMPLES / examples);
        }
        return TARGET_EPOCHS;
    }

    /**
     * What a hosted model costs.
     *
     * @param tokens the tokens of the rows, as the model counts them
     * @param epochs how often, or −1 for {@link #autoEpochs}
     */
    public static CostEstimate hosted(String model, List<TokenCount> tokens, int epochs, PriceList prices) {
        return hosted(model, tokens, prices.of(model).map(PriceList.Price::trainingContext).orElse(0), epochs, prices);
    }

    /**
     * What a hosted model costs.
     *
     * @param tokens the tokens of the rows, as the model counts them
     * @param exampleTokens tokens of a row beyond this are cut off and not billed; 0 where none are
     * @param epochs how often, or −1 for {@link #autoEpochs}
     */
    public static CostEstimate hosted(String model, List<TokenCount> tokens, int exampleTokens, int epochs,
            PriceList prices) {
        Optional<PriceList.Price> price = prices.of(model);
        long perEpoch = sum(tokens, exampleTokens);
        int times = epochs < 0 ? autoEpochs(tokens.size()) : epochs;
        long billed = perEpoch * times;
        return new CostEstimate(model, tokens.size(), times, perEpoch, billed,
                price.map(known -> OptionalDouble.of(billed / 1e6 * known.trainingUsdPerMillion()))
                        .orElse(OptionalDouble.empty()),
                price.filter(known -> !tokens.isEmpty())
                        .map(known -> OptionalDouble.of(perThousandRequests(tokens, known)))
                        .orElse(OptionalDouble.empty()),
                price.map(known -> "price of " + prices.asOf() + ", " + prices.source()).orElse(""), Optional.empty());
    }

    /** The same for preference pairs: no price of requests, which get one answer and not two, and what was counted said. */
    public CostEstimate ofPairs() {
        String counted = "pairs as they stand in the file, the question once and both answers; how they are billed is not published";
        return new CostEstimate(model, examples, epochs, tokensPerEpoch, billedTokens, usd, OptionalDouble.empty(),
                priceNote.isEmpty() ? counted : priceNote + "; " + counted, duration);
    }

    private static double perThousandRequests(List<TokenCount> tokens, PriceList.Price price) {
        double all = tokens.stream().mapToLong(TokenCount::total).sum();
        double answered = tokens.stream().mapToLong(TokenCount::trained).sum();
        return 1000.0 / tokens.size() / 1e6
                * ((all - answered) * price.inputUsdPerMillion() + answered * price.outputUsdPerMillion());
    }

    /**
     * How long a local model trains.
     *
     * @param tokens the tokens of the rows, as the model counts them
     * @param epochs how often; resolved before, as the trainer resolves it
     * @param tokensPerSecond measured training speed, above 0
     */
    public static CostEstimate local(String model, List<TokenCount> tokens, int epochs, double tokensPerSecond) {
        if (!(tokensPerSecond > 0)) {
            throw new IllegalArgumentException(
                    "The speed must be above 0 tokens a second, not " + tokensPerSecond + ".");
        }
        long perEpoch = sum(tokens, 0);
        long all = perEpoch * epochs;
        return new CostEstimate(model, tokens.size(), epochs, perEpoch, all, OptionalDouble.empty(),
                OptionalDouble.empty(), "",
                Optional.of(Duration.ofMillis(Math.round(all * 1000.0 / tokensPerSecond))));
    }

    private static long sum(List<TokenCount> tokens, int limit) {
        return tokens.stream().mapToLong(count -> limit > 0 ? Math.min(limit, count.total()) : count.total()).sum();
    }
}
