package dev.attune.dataset.quality;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** All kinds of problems that are looked for or fixed here. */
public final class QualityChecks {
    private static final List<CheckKind> KINDS = Stream
            .concat(fresh().stream().flatMap(check -> check.kinds().stream()), Fixer.FURTHER_KINDS.stream())
            .toList();

    private QualityChecks() {}

    /** New checks for one dataset, in the order in which their findings are shown. */
    static List<QualityCheck> fresh() {
        var checks = new ArrayList<QualityCheck>();
        checks.add(new SensitiveCheck());
        checks.addAll(List.of(new TruncatedAnswers(), new LengthCeiling(), new LostCharacters()));
        for (TextRepair repair : TextRepairs.ALL) {
            checks.add(repair instanceof AnswerEdges ? new AnswerEdges() : new TextRepairCheck(repair));
        }
        checks.addAll(List.of(new HtmlRemnants(), new SystemPromptTexts(), new Languages(), new RepeatedQuestions(),
                new TemplateAnswers(), new Refusals(), new Diversity(), new LengthOutliers()));
        return checks;
    }

    /** All kinds, in the order in which they are shown. */
    public static List<CheckKind> kinds() {
        return KINDS;
    }

    /** The kind with a code. */
    public static Optional<CheckKind> kind(String code) {
        return KINDS.stream().filter(kind -> kind.code().equals(code)).findFirst();
    }
}
