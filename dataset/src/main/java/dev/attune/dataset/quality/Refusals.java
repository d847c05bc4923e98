package dev.attune.dataset.quality;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Answers that refuse to help, where they are a tenth of all or more. Only the beginning of an answer is looked at, and
 * only phrases with which assistants refuse: regret about a late parcel is none.
 */
final class Refusals implements QualityCheck {
    private static final CheckKind KIND = CheckKind.warning("refusals", "many answers that refuse",
            "keep as many refusals as you want to get",
            "A tuned model refuses about as often as its examples do. Only phrases with which assistants refuse are counted, not regret or a missing piece of information.");

    private static final int SEEN = 240;
    private static final Pattern REFUSAL = Pattern.compile("(?i)"
            + "\\b(?:i(?:'m|’m| am)? ?(?:sorry|afraid|apologi[sz]e)[^.!?\\n]{0,40}\\b|unfortunately,? |^\\s*)(?:but )?i(?:'m| am|’m)? (?:can(?:no|')?t|can’t|could not|won't|won’t|will not|unable to|not able to|not allowed to|not permitted to)"
            + " (?:\\w+ ){0,2}?(?:help|assist|answer|comply|fulfil|fulfill|discuss|engage|support that|do that|provide (?:that|this|any|medical|legal|financial)|give (?:medical|legal|financial)|generate|create)"
            + "|\\bas an? (?:ai|artificial intelligence|language model|large language model)\\b"
            + "|\\bi (?:must|have to) decline\\b|\\bi can(?:no|')?t help with that\\b"
            + "|\\b(?:es )?tut mir leid[^.!?\\n]{0,40}(?:kann ich|ich kann)[^.!?\\n]{0,60}nicht (?:helfen|beantworten|weiterhelfen|unterstützen)"
            + "|\\bals (?:ki|sprachmodell|ki-modell)\\b"
            + "|\\b(?:je suis )?désolé[^.!?\\n]{0,40}je ne (?:peux|puis) pas[^.!?\\n]{0,30}(?:aider|répondre)"
            + "|\\blo siento[^.!?\\n]{0,40}no puedo[^.!?\\n]{0,30}(?:ayudar|responder)");
    /** One of them stands in every refusal; looking for them first is much faster. */
    private static final List<String> CUES = List.of("can't", "can’t", "cannot", "could not", "won't", "won’t",
            "will not",
            "unable to", "not able to", "not allowed", "not permitted", "decline", "as an ai", "as a artificial",
            "as an artificial", "as a language", "as a large", "as an large", "as an language", "as a ai", "nicht ",
            "als ki", "als sprachmodell", "désolé", "lo siento");
    private static final int FEWEST = 5;
    private static final double OF_ALL = 0.1;

    private final Reporter.Places places = new Reporter.Places();
    private int answers;

    @Override
    public List<CheckKind> kinds() {
        return List.of(KIND);
    }

    @Override
    public Note look(RowTexts row) {
        String answer = row.answer();
        if (answer.isEmpty()) {
            return Note.NONE;
        }
        String seen = answer.substring(0, Math.min(answer.length(), SEEN));
        String lower = seen.toLowerCase(Locale.ROOT);
        boolean refuses = hasCue(lower) && REFUSAL.matcher(seen).find();
        return out -> {
            answers++;
            if (refuses) {
                places.add(row.line(), row.answerPointer(), "the answer refuses", Excerpt.of(answer));
            }
        };
    }

    private static boolean hasCue(String lower) {
        for (String cue : CUES) {
            if (lower.contains(cue)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void end(Reporter out) {
        if (places.rows() >= FEWEST && places.rows() >= OF_ALL * answers) {
            out.whole(KIND,
                    String.format(Locale.ROOT, "%,d of %,d answers (%.0f %%) refuse to help", places.rows(), answers,
                            100.0 * places.rows() / answers),
                    places);
        }
    }
}
