package dev.attune.evals.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ScorersTest {
    private static final String TICKET = "{\"category\":\"billing\",\"priority\":\"high\",\"lines\":[1,2],\"open\":true}";

    private static Score exact(String expected, String actual) {
        return Scorers.named("exact").score(expected, actual);
    }

    private static Score fields(String expected, String actual) {
        return Scorers.named("json_fields").score(expected, actual);
    }

    @Test
    void exactLooksPastWhiteSpaceAroundOnly() {
        assertThat(exact("yes", " yes\n")).isEqualTo(new Score(1, ""));
        assertThat(exact("a\nb", "a\r\nb").value()).isEqualTo(1);
        assertThat(exact("yes", "Yes").value()).isZero();
        assertThat(exact("yes", "").reason()).isEqualTo("the answer is empty");
        assertThat(exact("category: billing", "category: shipping").reason())
                .isEqualTo("from character 11 expected 'billing', got 'shipping'");
    }

    @Test
    void containsLooksPastCase() {
        assertThat(Scorers.named("contains").score("Paris", "It is PARIS.").value()).isEqualTo(1);
        assertThat(Scorers.named("contains").score("Paris", "It is Rome.").value()).isZero();
    }

    @Test
    void everyFieldCountsAlike() {
        assertThat(fields(TICKET, TICKET)).isEqualTo(new Score(1, ""));
        assertThat(fields(TICKET,
                "{ \"open\": true, \"lines\": [1, 2.0],\n\"priority\": \"high \", \"category\": \"billing\" }"))
                .as("order, space and how numbers are written do not count").isEqualTo(new Score(1, ""));
        Score wrong = fields(TICKET, "{\"category\":\"billing\",\"priority\":\"low\",\"lines\":[1,2],\"open\":true}");
        assertThat(wrong.value()).isCloseTo(0.8, within(1e-12));
        assertThat(wrong.feedback()).isEqualTo("/priority is \"low\", not \"high\".");
        assertThat(wrong.reason()).isEqualTo("/priority is \"low\", not \"high\"");
    }

    @Test
    void missingAndUnexpectedFieldsAreNamed() {
        Score score = fields("{\"a\":\"x\",\"b\":\"y\"}", "{\"a\":\"x\",\"c\":\"z\"}");
        assertThat(score.value()).isCloseTo(1 / 3.0, within(1e-12));
        assertThat(score.reason()).isEqualTo("/b is missing; /c is not expected");
        assertThat(fields("{\"a\":1}", "{\"a\":\"1\"}").value()).as("a text is no number").isZero();
        assertThat(fields("{\"a\":null}", "{\"a\":\"null\"}").value()).isZero();
        assertThat(fields("{\"a\":null}", "{}").value()).isZero();
        assertThat(fields("{\"a\":{}}", "{\"a\":{}}").value()).isEqualTo(1);
    }

    @Test
    void anAnswerThatIsNoJsonIsWrongWithAReason() {
        assertThat(fields(TICKET, "billing")).extracting(Score::value, Score::reason).containsExactly(0.0,
                "the answer is not JSON");
        assertThat(fields(TICKET, TICKET + " and more").reason()).isEqualTo("the answer is not JSON");
        assertThat(fields(TICKET, "{\"category\":\"billing\",\"category\":\"x\"}").reason())
                .isEqualTo("the answer is not JSON");
        assertThat(fields(TICKET, " ").reason()).isEqualTo("the answer is empty");
        assertThat(fields(TICKET, "[]").value()).isZero();
        assertThat(fields(TICKET, "\"billing\"").value()).isZero();
    }

    @Test
    void aMarkdownFenceIsTakenOff() {
        assertThat(fields(TICKET, "```json\n" + TICKET + "\n```").value()).isEqualTo(1);
    }

    @Test
    void withoutExpectedJsonItIsExact() {
        assertThat(fields("billing", " billing").value()).isEqualTo(1);
        assertThat(fields("7", "7.0").value()).isZero();
    }

    @Test
    void anUnknownScorerIsNamedWithThoseThereAre() {
        assertThatThrownBy(() -> Scorers.named("blue"))
                .hasMessageStartingWith("There is no scorer 'blue'; there are exact, contains, equals,");
        assertThatThrownBy(() -> new Score(1.2, "")).hasMessageContaining("[0, 1]");
    }

    @Test
    void noTextMakesAScorerThrow() {
        long seed = Long.getLong("attune.seed", System.nanoTime());
        System.out.println("ScorersTest: -Dattune.seed=" + seed);
        var random = new SplittableRandom(seed);
        String alphabet = "{}[]\":,0123456789eE+-.truefalsn\\u dD8Cé😀\n\t ```";
        for (int round = 0; round < 3_000; round++) {
            String expected = random.nextBoolean() ? TICKET : text(random, alphabet);
            String actual = text(random, alphabet);
            for (String name : Scorers.names()) {
                assertThat(Scorers.named(name).score(expected, actual).value()).isBetween(0.0, 1.0);
                assertThat(Scorers.named(name).score(actual, actual).value()).as("itself: %s", actual).isEqualTo(1);
            }
        }
    }

    private static String text(SplittableRandom random, String alphabet) {
        var text = new StringBuilder();
        for (int i = random.nextInt(24); i > 0; i--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    @Test
    void enormousNumbersAreComparedQuickly() {
        assertThat(fields("{\"a\":1e999999}", "{\"a\":10e999998}").value()).isEqualTo(1);
        assertThat(fields("{\"a\":1e999999}", "{\"a\":1}").value()).isZero();
        assertThat(fields("{\"a\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}", "{}").value()).isZero();
    }
}
