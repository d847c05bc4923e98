package dev.attune.dataset;

import dev.attune.text.Message;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The instructions above the conversations.
 *
 * @param variants how many different ones there are; {@value #MOST_VARIANTS} stands for that many or more
 * @param rowsWithout rows that have none
 * @param commonest the one that most rows have; empty where there is none
 */
public record SystemPrompts(int variants, int rowsWithout, String commonest) {
    /** More are not told apart. */
    static final int MOST_VARIANTS = 1_000;

    static SystemPrompts of(List<Row> rows) {
        var tally = new Tally();
        rows.forEach(tally::add);
        return tally.finish();
    }

    /** Counts row by row, in bounded memory. Not thread-safe. */
    static final class Tally {
        private final Map<String, Integer> counts = new LinkedHashMap<>();
        private int without;

        void add(Row row) {
            Optional<String> prompt = row.conversation().messages().stream()
                    .filter(message -> message instanceof Message.System || message instanceof Message.Developer)
                    .map(Message::content).findFirst();
            prompt.filter(text -> counts.size() < MOST_VARIANTS || counts.containsKey(text))
                    .ifPresent(text -> counts.merge(text, 1, Integer::sum));
            without += prompt.isEmpty() ? 1 : 0;
        }

        SystemPrompts finish() {
            String commonest = counts.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey)
                    .orElse("");
            return new SystemPrompts(counts.size(), without, commonest);
        }
    }

    List<Problem> problems() {
        var problems = new ArrayList<Problem>();
        if (variants > 0 && rowsWithout > 0) {
            problems.add(Problem.ofFile("system_prompt_missing", Severity.ADVICE, rowsWithout
                    + " row(s) have no system message while the others have one; train with the instructions that you will ask with"));
        }
        if (variants > 1 && variants <= 5) {
            problems.add(Problem.ofFile("system_prompt_variants", Severity.ADVICE,
                    "there are " + variants + " different system messages; if that is not meant, use one"));
        }
        return problems;
    }
}
