package dev.attune.dataset.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Markup becomes words, and what only looks like markup stays. */
class WebTextTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            <p>Hold <b>reset</b>.&nbsp;Wait.</p>                | Hold reset. Wait.
            Tom &amp; Jerry &#8211; &#x263A;                    | Tom & Jerry – ☺
            <div class="a">One</div><div>Two</div>              | `One

            Two`
            Yes.<br/>Free.                                      | `Yes.
            Free.`
            <ul><li>a</li><li>b</li></ul>                       | `- a
            - b`
            <script>x()</script>Text<!-- no -->                 | Text
            """)
    void markupBecomesWords(String html, String words) {
        assertThat(WebText.of(html)).isEqualTo(words);
        assertThat(WebText.of(WebText.of(html))).isEqualTo(words);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a < b and c > d", "R&D", "x &unknown; y", "List<String> names", "`<b>` makes text bold",
            "```html\n<p>Hi</p>\n```", "I <3 you", "  spaces stay  ", "&#0; &#55296;"})
    void whatIsNoMarkupStays(String text) {
        assertThat(WebText.of(text)).isEqualTo(text);
    }

    @Test
    void wordsAroundCodeAreWordsAndTheCodeStays() {
        assertThat(WebText.of("<p>Write</p>\n```\n<b>x</b>\n```\n<p>so.</p>"))
                .isEqualTo("Write\n\n```\n<b>x</b>\n```\n\nso.");
    }
}
