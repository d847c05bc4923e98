package dev.attune.dataset.format;

import dev.attune.dataset.DatasetException;
import java.io.IOException;
import java.nio.file.Path;

/** Says what a file of examples is: by what stands in it, never by its name. Thread-safe. */
public final class DataFiles {
    private DataFiles() {}

    /**
     * Recognises a file by its content.
     *
     * @throws DatasetException where the file cannot be read, is of no known kind, or can be read in two ways; the sentence
     *             then names the option that decides
     */
    public static Detected detect(Path file) {
        return detect(file, ReadOptions.defaults());
    }

    /**
     * Recognises what the options do not say.
     *
     * @throws DatasetException as {@link #detect(Path)}, and where an option contradicts the content
     */
    public static Detected detect(Path file, ReadOptions options) {
        try {
            boolean gzip;
            Container container;
            try (FileBytes bytes = FileBytes.open(file)) {
                gzip = bytes.gzip();
                container = ContainerSniffer.sniff(file, bytes.in(), options);
            }
            var format = new FormatSniffer(file, container, options).sniff();
            return new Detected(file, gzip, container, format.format(), format.mapping(),
                    "%s is %s%s with %s rows, %s".formatted(file, described(container),
                            gzip ? ", compressed with gzip," : "",
                            format.format().title(), format.how()));
        } catch (IOException e) {
            throw FileBytes.unreadable(file, e);
        }
    }

    private static String described(Container container) {
        return container instanceof Container.Table table
                ? "%s (%d columns set apart by '%s', %s header)".formatted(table.title(), table.columns().size(),
                        table.delimiter() == '\t' ? "\\t" : String.valueOf(table.delimiter()),
                        table.header() ? "with a" : "without a")
                : container.title();
    }
}
