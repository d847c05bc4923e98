package dev.attune.dataset.target;

import dev.attune.dataset.EditDistance;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * The models that providers tune, as of a day.
 *
 * @param asOf when that was so
 * @param source where it was read
 */
record HostedModels(String asOf, String source, List<HostedModel> models) {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .build();
    private static final int NAMED = 3;

    HostedModels {
        models = List.copyOf(models);
    }

    /** The list that ships. */
    static HostedModels shipped() {
        return Shipped.LIST;
    }

    private static final class Shipped {
        static final HostedModels LIST = read();

        private static HostedModels read() {
            try (InputStream in = Objects.requireNonNull(HostedModels.class.getResourceAsStream("models.json"))) {
                return MAPPER.readValue(in, HostedModels.class);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The model of a name, an alias, or a tuned model's name ({@code ft:BASE:…}, {@code BASE.ft-…}). */
    Optional<HostedModel> find(Provider provider, String name) {
        String base = base(name);
        return of(provider).filter(model -> model.isCalled(base)).findFirst();
    }

    static String base(String name) {
        if (name.startsWith("ft:")) {
            return name.substring(3).split(":", -1)[0];
        }
        int tuned = name.indexOf(".ft-");
        return tuned > 0 ? name.substring(0, tuned) : name;
    }

    /** The models whose names are nearest to one that is unknown, the nearest first. */
    List<String> nearest(Provider provider, String name) {
        String wanted = base(name).toLowerCase(Locale.ROOT);
        return of(provider)
                .sorted(Comparator.comparingInt(model -> Stream
                        .concat(Stream.of(model.model()), model.aliases().stream())
                        .mapToInt(known -> EditDistance.of(wanted, known)).min().orElse(0)))
                .map(HostedModel::model).limit(NAMED).collect(Collectors.toList());
    }

    private Stream<HostedModel> of(Provider provider) {
        return models.stream().filter(model -> model.provider() == provider);
    }
}
