package dev.attune.dataset.target;

import dev.attune.dataset.Problem;
import dev.attune.dataset.Row;
import dev.attune.dataset.Severity;
import dev.attune.dataset.TokenCount;
import dev.attune.dataset.TokenCounter;
import dev.attune.dataset.TokenStatistics;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Holds a file's rows against its target: tokens, images, names, calls, size, dates. Of each row only its numbers are kept.
 * Good for one file; only {@link #look} is thread-safe.
 */
public final class TargetAudit {
    private static final List<TargetCheck> HOSTED = List.of(new NamesCheck(), new ParallelCallsCheck());
    private static final int WARNING_DAYS = 90;

    private final Target target;
    private final LocalDate today;
    private final TokenStatistics.Tally tokens;
    private final List<Problem> problems = new ArrayList<>();
    private final Consumer<Problem> rowProblems;
    private final ImageAudit images;
    private final boolean counts;

    /**
     * An audit that keeps all problems for its report.
     *
     * @param counter counts as the target's model does
     * @param today the day on which dates are judged
     */
    public TargetAudit(Target target, TokenCounter counter, LocalDate today) {
        this.target = target;
        this.today = today;
        this.counts = true;
        this.rowProblems = problems::add;
        this.tokens = new TokenStatistics.Tally(counter, target.limits().exampleTokens(), target.limits().overlong());
        this.images = new ImageAudit(target, rowProblems);
    }

    /**
     * An audit whose memory does not grow with the problems.
     *
     * @param rowProblems told what is wrong with single rows, which the report then leaves out
     * @param counts whether tokens are counted
     */
    public TargetAudit(Target target, TokenCounter counter, LocalDate today, Consumer<Problem> rowProblems,
            boolean counts) {
        this.target = target;
        this.counts = counts;
        this.today = today;
        this.rowProblems = rowProblems;
        this.tokens = new TokenStatistics.Tally(counter, target.limits().exampleTokens(), target.limits().overlong(),
                rowProblems);
        this.images = new ImageAudit(target, rowProblems);
    }

    /** Looks at a row that can be trained on. */
    public void row(Row row) {
        look(row).run();
    }

    /**
     * Looks at a row that can be trained on, which is counting its tokens, on any thread.
     *
     * @return what takes note of it; run one after the other, in the order of the rows
     */
    public Runnable look(Row row) {
        Runnable counted = counts ? tokens.look(row) : () -> {};
        return () -> {
            counted.run();
            if (target.provider() != Provider.ATTUNE) {
                images.row(row);
                HOSTED.forEach(check -> check.check(row, rowProblems));
            }
        };
    }

    /** Takes the tokens of a row that has nothing but texts, and of which nothing is to be said. */
    public void plain(TokenCount count) {
        if (counts) {
            tokens.add(count);
        }
    }

    /** What was found; no row may follow. */
    public TargetReport end(FileFacts file) {
        Images seen = images.end();
        var all = new ArrayList<>(problems);
        size(file, all::add);
        dates(all::add);
        if (seen.uncounted() > 0) {
            all.add(Problem.ofFile("image_tokens_unknown", Severity.ADVICE, seen.uncounted()
                    + " image(s) are not of low detail, so their tokens, and the price of them, are not in the figures"));
        }
        return new TargetReport(target, tokens.finish(), seen, all);
    }

    private void size(FileFacts file, Consumer<Problem> out) {
        Limits limits = target.limits();
        String has = String.format(Locale.ROOT, "the file has %,.1f MB, but %s takes at most %,d MB",
                file.bytes() / 1048576.0, target.provider().title(),
                (file.bytes() > limits.fileBytes() ? limits.fileBytes() : limits.uploadBytes()) >> 20);
        if (limits.fileBytes() > 0 && file.bytes() > limits.fileBytes()) {
            out.accept(Problem.ofFile("file_too_large", Severity.ERROR, has + "; split it or leave rows out"));
        } else if (limits.uploadBytes() > 0 && file.bytes() > limits.uploadBytes()) {
            out.accept(Problem.ofFile("file_too_large", Severity.WARNING,
                    has + " in one piece; upload it in parts (POST /v1/uploads)"));
        }
        if (limits.byteOrderMark() && !file.byteOrderMark()) {
            out.accept(Problem.ofFile("byte_order_mark_missing", Severity.WARNING, target.provider().title()
                    + " asks for a UTF-8 byte order mark at the file's beginning, and there is none; attune check --fix writes one"));
        }
    }

    private void dates(Consumer<Problem> out) {
        LocalDate first = target.jobsEnd().orElse(target.ends().orElse(LocalDate.MAX));
        if (!first.isAfter(today)) {
            out.accept(Problem.ofFile("model_ended", Severity.WARNING, target.provider().title()
                    + " has tuned no " + target.model() + " since " + first + "; choose another target"));
        } else if (first.isBefore(LocalDate.MAX)) {
            out.accept(Problem.ofFile("model_ends",
                    first.isBefore(today.plusDays(WARNING_DAYS)) ? Severity.WARNING : Severity.ADVICE,
                    target.provider().title() + " creates no jobs on " + target.model() + " from " + first + " on"
                            + target.ends().filter(day -> !day.equals(first))
                                    .map(day -> " and switches it off on " + day + " with all that was tuned from it")
                                    .orElse("")
                            + "; plan for another place to train and to serve"));
        }
    }
}
