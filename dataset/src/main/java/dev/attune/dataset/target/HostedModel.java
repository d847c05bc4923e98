package dev.attune.dataset.target;

import java.util.List;

/**
 * A model that a provider tunes.
 *
 * @param aliases shorter names that people use for it
 * @param exampleTokens the most tokens of one training row
 * @param images whether rows with images are trained
 * @param jobsEnd the day from which no jobs are created, such as {@code 2027-01-06}; empty where none is known
 * @param ends the day on which it is switched off with all that was tuned from it; empty where none is known
 */
record HostedModel(Provider provider, String model, List<String> aliases, int exampleTokens, boolean images,
        String jobsEnd, String ends) {
    HostedModel {
        aliases = List.copyOf(aliases);
    }

    boolean isCalled(String name) {
        return model.equals(name) || aliases.contains(name);
    }
}
