package dev.attune.dataset.target;

import dev.attune.dataset.CostEstimate;
import dev.attune.dataset.PriceList;
import dev.attune.dataset.Problem;
import dev.attune.dataset.Severity;
import dev.attune.dataset.TokenStatistics;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a file is to its target. Immutable.
 *
 * @param tokens the rows' tokens as its model counts them, and what is wrong with their number
 * @param problems what else the target refuses, skips or warns of
 */
public record TargetReport(Target target, TokenStatistics tokens, Images images, List<Problem> problems) {
    public TargetReport {
        problems = List.copyOf(problems);
    }

    /**
     * What tuning on the file costs at a hosted provider: the epochs by its rule, the tokens that are billed, and the price
     * where it is known.
     *
     * @param epochs how often each row is trained on, or −1 for the provider's rule
     */
    public CostEstimate estimate(int epochs, PriceList prices) {
        return CostEstimate.hosted(target.model(), tokens.perRow(), target.limits().exampleTokens(), epochs, prices);
    }

    /** Where the job as a whole would be too large for the provider, the one sentence about it; otherwise none. */
    public Stream<Problem> oversized(CostEstimate estimate) {
        long most = target.limits().jobTokens();
        return most > 0 && estimate.billedTokens() > most
                ? Stream.of(Problem.ofFile("job_too_large", Severity.ERROR,
                        "%,d epochs over the file are %,d tokens, but %s takes at most %,d in a job; use fewer rows or epochs"
                                .formatted(estimate.epochs(), estimate.billedTokens(), target.provider().title(),
                                        most)))
                : Stream.empty();
    }
}
