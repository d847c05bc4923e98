package dev.attune.dataset.target;

import dev.attune.dataset.DatasetException;
import dev.attune.dataset.RowRules;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a file is to be trained: a provider, a base model, and what is accepted there. Immutable.
 *
 * @param model the base model's full name; of Attune's models a name or a folder, as it was given
 * @param rules what a row may hold
 * @param limits how much is taken
 * @param jobsEnd the day from which the provider creates no jobs on it; empty where none is known
 * @param ends the day on which the model is switched off; empty where none is known
 */
public record Target(Provider provider, String model, RowRules rules, Limits limits, Optional<LocalDate> jobsEnd,
        Optional<LocalDate> ends) {

    /**
     * Reads {@code openai:MODEL}, {@code azure:MODEL} or {@code attune:MODEL}; a model may be named by its snapshot, its short
     * name, or that of a model tuned from it.
     *
     * @throws DatasetException one sentence with the names that are nearest, where there is no such provider or model
     */
    public static Target parse(String text) {
        int colon = text.indexOf(':');
        Provider provider = Provider.of(colon < 0 ? "" : text.substring(0, colon).toLowerCase(Locale.ROOT))
                .orElseThrow(() -> new DatasetException("'" + text
                        + "' names no target; write openai:MODEL, azure:MODEL or attune:MODEL, for example openai:gpt-4.1-mini"));
        String name = text.substring(colon + 1).strip();
        if (name.isEmpty()) {
            throw new DatasetException("'" + text + "' names no model; write " + provider.prefix() + ":MODEL");
        }
        return provider == Provider.ATTUNE ? attune(name, 0) : hosted(provider, name);
    }

    /**
     * A base model of Attune's own trainer.
     *
     * @param context the most tokens that the model takes; 0 where it is not known
     */
    public static Target attune(String model, int context) {
        return new Target(Provider.ATTUNE, model, RowRules.ATTUNE, Limits.attune(context), Optional.empty(),
                Optional.empty());
    }

    /** The hosted model of a bare name; empty where OpenAI tunes none of that name. */
    public static Optional<Target> openAi(String model) {
        return HostedModels.shipped().find(Provider.OPENAI, model).map(Target::of);
    }

    private static Target hosted(Provider provider, String name) {
        HostedModels models = HostedModels.shipped();
        return of(models.find(provider, name).orElseThrow(() -> {
            List<String> near = models.nearest(provider, name);
            return new DatasetException(provider.title() + " tunes no model '" + name + "'; the nearest "
                    + (near.size() == 1 ? "name is " : "names are ") + String.join(", ", near));
        }));
    }

    private static Target of(HostedModel model) {
        boolean azure = model.provider() == Provider.AZURE;
        String refusal = model.images()
                ? ""
                : model.provider().title() + " does not train " + model.model()
                        + " on images; remove the part or the row, or choose a vision model";
        return new Target(model.provider(), model.model(), new RowRules(refusal, true, false, false),
                azure ? Limits.azure(model.exampleTokens()) : Limits.openAi(model.exampleTokens()),
                date(model.jobsEnd()), date(model.ends()));
    }

    private static Optional<LocalDate> date(String text) {
        return Stream.of(text).filter(day -> !day.isEmpty()).map(LocalDate::parse).findFirst();
    }

    /** As it is written: {@code openai:gpt-4.1-mini-2025-04-14}. */
    @Override
    public String toString() {
        return provider.prefix() + ":" + model;
    }
}
