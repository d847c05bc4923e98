package dev.attune.dataset.quality;

import java.util.List;
import java.util.regex.Pattern;

/** Instructions that are only a mark for what should stand there. An empty message is the reader's to report. */
final class SystemPromptTexts implements QualityCheck {
    private static final CheckKind KIND = CheckKind.warning("placeholder_system_prompt",
            "instructions that were never filled in", "write the instructions that you will ask with",
            "The system message holds a variable or a mark such as TODO in place of instructions, because a template was not filled in. A prompt that only mentions braces is fine.");
    private static final Pattern PLACEHOLDER = Pattern.compile(
            "(?i)\\s*(?:todo|tbd|fixme|none|null|undefined|nan|n/?a|system|system ?prompt|prompt|string|test|xxx+|\\.\\.\\.|…|\\{+[\\w .-]{1,40}\\}+|<[\\w .-]{1,40}>|\\[[\\w .-]{1,40}\\]|%s|\\$\\w+)[.:]?\\s*");

    @Override
    public List<CheckKind> kinds() {
        return List.of(KIND);
    }

    @Override
    public Note look(RowTexts row) {
        var found = new Found(row.line());
        for (Piece piece : row.pieces()) {
            boolean instructions = piece.role().equals("system") || piece.role().equals("developer");
            if (instructions && piece.text().length() < 80 && PLACEHOLDER.matcher(piece.text()).matches()) {
                found.add(KIND, piece.pointer(), "the system message is only a placeholder",
                        Excerpt.of(piece.text()));
            }
        }
        return found.note();
    }
}
