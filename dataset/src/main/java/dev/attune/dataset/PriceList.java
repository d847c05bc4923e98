package dev.attune.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * What hosted models cost, as of a day: prices change, so the list says when and where it was read, and a user may give a
 * file of their own in the same form. Immutable.
 *
 * @param asOf when the prices were seen, in words
 * @param source where
 */
public record PriceList(String asOf, String source, List<Price> models) {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    public PriceList {
        models = List.copyOf(models);
    }

    /**
     * One model's prices in US dollars per million tokens.
     *
     * @param trainingContext tokens of an example beyond this are cut off and not billed
     * @param ends the day on which the provider switches the model off, such as {@code 2027-01-14}; empty where none is known
     */
    public record Price(String model, double trainingUsdPerMillion, double inputUsdPerMillion,
            double outputUsdPerMillion,
            int trainingContext, String ends) {}

    /** No prices: of nothing is known what it costs. */
    public static final PriceList NONE = new PriceList("", "", List.of());

    /** The list that ships. */
    public static PriceList shipped() {
        try (InputStream in = Objects.requireNonNull(PriceList.class.getResourceAsStream("prices.json"),
                "prices.json")) {
            return MAPPER.readValue(in, PriceList.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A user's own list.
     *
     * @throws DatasetException where the file cannot be read or is not of this form
     */
    public static PriceList read(Path file) {
        try {
            return MAPPER.readValue(Files.readAllBytes(file), PriceList.class);
        } catch (IOException e) {
            throw new DatasetException("The price list " + file + " cannot be read: " + e + ".", e);
        } catch (JacksonException e) {
            throw new DatasetException("The price list " + file + " is not of the form that prices.json has: "
                    + String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("") + ".", e);
        }
    }

    /** The prices of a model, or of the base of a tuned one ({@code ft:BASE:…}). */
    public Optional<Price> of(String model) {
        String base = model.startsWith("ft:") ? model.split(":", -1)[1] : model;
        return models.stream().filter(price -> price.model().equals(base)).findFirst();
    }
}
