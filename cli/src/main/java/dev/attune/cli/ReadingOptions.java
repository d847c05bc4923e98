package dev.attune.cli;

import dev.attune.dataset.DatasetException;
import dev.attune.dataset.format.ColumnMapping;
import dev.attune.dataset.format.ReadOptions;
import dev.attune.dataset.format.SourceFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say what a file is where its content leaves that open. */
final class ReadingOptions {
    @Option(names = "--from", paramLabel = "FORMAT", description = "What the rows are, where their content leaves that open: openai, prompt-completion, preference, reinforcement, sharegpt, alpaca or qa.")
    Optional<String> from = Optional.empty();
    @Option(names = "--map", paramLabel = "PART=COLUMN,…", description = "Which columns or keys hold what: user=question,assistant=answer; parts are system, user, assistant, preferred, non_preferred; several columns for one part: user=title+text.")
    Optional<String> map = Optional.empty();
    @Option(names = "--delimiter", paramLabel = "C", description = "What stands between the cells of a table.")
    Optional<Character> delimiter = Optional.empty();
    @Option(names = "--header", negatable = true, description = "Whether a table's first record holds the columns' names.")
    @Nullable
    Boolean header;

    /** What was said. */
    ReadOptions options() {
        try {
            ReadOptions options = ReadOptions.defaults();
            options = from.isPresent() ? options.from(SourceFormat.of(from.get())) : options;
            options = map.isPresent() ? options.map(ColumnMapping.parse(map.get())) : options;
            options = delimiter.isPresent() ? options.delimiter(delimiter.get()) : options;
            return header != null ? options.header(header) : options;
        } catch (DatasetException e) {
            throw new CommandException(String.valueOf(e.getMessage()), CommandException.USAGE);
        }
    }
}
