package dev.attune.evals.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.evals.config.ConfigProblems;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class ShapesTest {
    private static Score score(String spec, String answer) {
        var problems = new ConfigProblems();
        Scorer scorer = Scorers.with(Map.of()).read(problems, "",
                JsonMapper.shared().readTree(spec.replace('\'', '"')));
        problems.throwIfAny("scorer");
        return scorer.score("gold", answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<p>Hello <b>you</b></p>", "<ul><li>one<li>two</ul>", "<!DOCTYPE html><html><body><br>x",
            "<a href=\"a>b\">x</a>", "```html\n<div class='x'><img src=y /></div>\n```", "<!-- < --><i>x</i>"})
    void htmlIsHtml(String answer) {
        assertThat(score("'is_html'", answer)).isEqualTo(Score.right());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            plain text | it has no tags
            <b>bold | <b> is not closed
            <b><i>x</b></i> | </b> closes nothing
            1 < 2 and <b>x</b> | a < stands outside a tag
            """)
    void whatIsNoHtmlSaysWhy(String answer, String why) {
        Score score = score("'is_html'", answer);
        assertThat(score.value()).isZero();
        assertThat(score.reason()).isEqualTo("the answer is not HTML: " + why);
        assertThat(score.feedback()).isEqualTo("Answer with HTML and nothing else.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SELECT id FROM t WHERE a > 3;", "with x as (select 1) select * from x",
            "```sql\nCOMMIT;\n```",
            "INSERT INTO t VALUES ('it''s; (fine', \"a)\") -- done (", "SELECT 1; SELECT 2",
            "/* why ( */ DELETE FROM t"})
    void sqlIsSql(String answer) {
        assertThat(score("'is_sql'", answer)).isEqualTo(Score.right());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            The answer is 3. | it does not begin as a statement does
            SELECT | it does not begin as a statement does
            SELECT (a FROM t | a bracket is not closed
            SELECT a) FROM t | a bracket closes that was not opened
            SELECT 'a FROM t | a quote is not closed
            SELECT a /* b FROM t | a comment is not closed
            ; | it is empty
            SELECT 1; and that is it | it does not begin as a statement does
            """)
    void whatIsNoSqlSaysWhy(String answer, String why) {
        assertThat(score("'is_sql'", answer).reason()).isEqualTo("the answer is not SQL: " + why);
    }

    @Test
    void jsonIsFoundInsideAText() {
        assertThat(score("'contains_json'", "Here [it] is: {\"a\": [1, 2]} as you said.").value()).isEqualTo(1);
        assertThat(score("'contains_json'", "none {here}").reason()).isEqualTo("the answer has no JSON in it");
        String schema = "{'contains_json': {'schema': {'type': 'object', 'required': ['a']}}}";
        assertThat(score(schema, "[] {\"b\": 1} {\"a\": 1}").value()).isEqualTo(1);
        assertThat(score(schema, "take {\"b\": 1}").reason()).contains("a");
        assertThat(score("'contains_json'", "[".repeat(100_000)).value()).isZero();
    }

    @Test
    void editsAreBounded() {
        assertThat(score("{'edits': {'at_most': 2}}", "goal").value()).isEqualTo(1);
        assertThat(score("{'edits': {'at_most': 1}}", "bolt").reason()).isEqualTo("2 edits away, not at most 1");
        assertThat(score("{'edits': {'at_most': 0, 'value': 'x'}}", "x").value()).isEqualTo(1);
        assertThatThrownBy(() -> score("'edits'", "x")).hasMessageContaining("at_most: is missing");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            I'm sorry, but I can't help with that. | 1
            Sorry, but I can't. | 1
            I am unable to share this. | 1
            I apologize, but that is not something I do. | 1
            I don't feel comfortable with this. | 1
            I am sorry about the delay. | 0
            I'm sorry to hear that! Your money is on its way. | 0
            Sorry for the noise, we exchange it. | 0
            """)
    void beingSorryIsNoRefusal(String answer, int refuses) {
        assertThat(score("'refusal'", answer).value()).isEqualTo(refuses);
    }
}
