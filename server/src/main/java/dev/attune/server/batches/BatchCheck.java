package dev.attune.server.batches;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a look at all lines of a batch's file came to.
 *
 * @param requests how many there are
 * @param model what they ask, where they all ask the same
 * @param errors what is wrong, at most {@value #MOST_ERRORS} of it
 */
record BatchCheck(int requests, @Nullable String model, List<BatchWire.BatchError> errors) {
    private static final int MOST_ERRORS = 100;
    private static final int MOST_REQUESTS = 50_000;

    /** Reads a file from its beginning to its end. */
    static BatchCheck of(Path file, String endpoint) throws IOException {
        var errors = new ArrayList<BatchWire.BatchError>();
        Set<String> ids = new HashSet<>();
        Set<String> models = new HashSet<>();
        int requests = 0;
        try (var input = new BatchInput(file)) {
            boolean more = true;
            while (more && errors.size() < MOST_ERRORS) {
                try {
                    String text = input.next();
                    more = !text.isEmpty();
                    if (more) {
                        requests++;
                        BatchLine line = BatchLine.of(input.line(), text, endpoint);
                        models.add(line.body().path("model").asString(""));
                        if (!ids.add(line.customId())) {
                            throw new BatchLine.BadLineException("duplicate_custom_id", "The custom_id '"
                                    + line.customId() + "' stands in a line before; each needs its own.", "custom_id",
                                    line.line());
                        }
                    }
                } catch (BatchLine.BadLineException e) {
                    errors.add(e.error());
                }
            }
        }
        if (requests == 0 && errors.isEmpty()) {
            errors.add(
                    new BatchWire.BatchError("empty_file", "The input file is empty; give it a request in each line.",
                            null, null));
        }
        if (requests > MOST_REQUESTS) {
            errors.add(new BatchWire.BatchError("too_many_requests", "The input file has " + requests
                    + " requests; a batch takes at most " + MOST_REQUESTS + ".", null, null));
        }
        return new BatchCheck(requests, models.size() == 1 ? models.iterator().next() : null, List.copyOf(errors));
    }
}
