package dev.attune.dataset.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.dataset.DatasetException;
import dev.attune.dataset.Overlong;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a target is written, and what it then takes. */
class TargetTest {
    @ParameterizedTest
    @CsvSource({"openai:gpt-4.1-mini, openai:gpt-4.1-mini-2025-04-14",
            "OpenAI:gpt-4.1-mini-2025-04-14, openai:gpt-4.1-mini-2025-04-14",
            "openai:ft:gpt-4o-mini-2024-07-18:org:name:id, openai:gpt-4o-mini-2024-07-18",
            "azure:gpt-4.1-2025-04-14.ft-0123456789abcdef0123456789abcdef-tickets, azure:gpt-4.1-2025-04-14",
            "attune:/models/llama, attune:/models/llama", "attune:attune-nano, attune:attune-nano"})
    void namesAreFoundByModelAliasAndTunedModel(String written, String target) {
        assertThat(Target.parse(written)).hasToString(target);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt-4o", "", ":", "google:gemini", "openai:", "openai:gpt-4.1-mni", "azure:gpt-5"})
    void whatIsNoTargetIsOneSentenceThatHelps(String written) {
        assertThatThrownBy(() -> Target.parse(written)).isInstanceOf(DatasetException.class)
                .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
    }

    @Test
    void theNearestNamesAreNamed() {
        assertThatThrownBy(() -> Target.parse("openai:gpt-4.1-mni")).hasMessageContaining("OpenAI tunes no model")
                .hasMessageContaining("names are gpt-4.1-mini-2025-04-14, ");
    }

    @Test
    void limitsAreThoseOfTheProvider() {
        Limits openAi = Target.parse("openai:gpt-4o").limits();
        assertThat(openAi.uploadBytes()).isEqualTo(512L * 1024 * 1024);
        assertThat(openAi.fileBytes()).isEqualTo(8L * 1024 * 1024 * 1024);
        assertThat(openAi.exampleTokens()).isEqualTo(65_536);
        assertThat(openAi.overlong()).isEqualTo(Overlong.CUT);
        assertThat(openAi.imagesPerExample()).isEqualTo(10);
        assertThat(Target.parse("openai:gpt-3.5-turbo").limits().exampleTokens()).isEqualTo(16_385);
        Limits azure = Target.parse("azure:gpt-4o").limits();
        assertThat(azure.imagesPerExample()).isEqualTo(64);
        assertThat(azure.byteOrderMark()).isTrue();
        assertThat(Target.attune("nano", 512).limits().overlong()).isEqualTo(Overlong.REFUSED);
    }

    @Test
    void whatEndsIsKnown() {
        assertThat(Target.parse("openai:gpt-4.1-mini").jobsEnd()).contains(LocalDate.of(2027, 1, 6));
        assertThat(Target.parse("openai:gpt-4.1-mini").ends()).contains(LocalDate.of(2027, 1, 14));
        assertThat(Target.attune("nano", 512).ends()).isEmpty();
    }
}
