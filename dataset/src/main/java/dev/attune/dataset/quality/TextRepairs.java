package dev.attune.dataset.quality;

import java.util.List;

/** All repairs of single texts, in the order in which they are made: the right characters first, then their form. */
final class TextRepairs {
    static final List<TextRepair> ALL = List.of(new Mojibake(), new HtmlEntities(), new ControlCharacters(),
            new HiddenCharacters(), new Composition(), new AnswerEdges());

    private TextRepairs() {}
}
