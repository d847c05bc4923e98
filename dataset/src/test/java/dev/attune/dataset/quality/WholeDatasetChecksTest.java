package dev.attune.dataset.quality;

import static dev.attune.dataset.quality.Lines.chat;
import static dev.attune.dataset.quality.Lines.check;
import static dev.attune.dataset.quality.Lines.codes;
import static dev.attune.dataset.quality.Lines.ordinary;
import static dev.attune.dataset.quality.Lines.rows;
import static dev.attune.dataset.quality.Lines.sentence;
import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.dataset.Dataset;
import dev.attune.dataset.DatasetReport;
import dev.attune.dataset.Problem;
import dev.attune.dataset.Severity;
import dev.attune.dataset.TokenCount;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WholeDatasetChecksTest {
    private static final String GERMAN = "Die Lieferung ist noch nicht bei uns und wir wissen auch nicht, wo sie ist.";
    private static final String ENGLISH = "The parcel is not here yet and we do not know where it was left by them.";

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "English|The house that you have seen is not for sale and it was sold by them.",
            "German|Ich habe das Haus nicht gesehen und weiß auch nicht, ob es noch zu haben ist.",
            "French|Je ne sais pas si la maison est dans la rue avec les arbres, mais elle est belle.",
            "Spanish|No sé si la casa está en la calle con los árboles, pero es muy bonita y la quiero.",
            "Italian|Non so se la casa è nella strada con gli alberi, ma è bella e la voglio per me.",
            "Portuguese|Não sei se a casa está na rua com as árvores, mas é bonita e eu quero ela para mim.",
            "Dutch|Ik weet niet of het huis in de straat met de bomen is, maar het is mooi en ik wil het.",
            "Polish|Nie wiem, czy dom jest na ulicy z drzewami, ale jest ładny i chcę go dla siebie.",
            "Japanese|これはとても良い本だと思います。", "Chinese|我不知道这本书在哪里，但是我很喜欢。", "Korean|이 책이 어디에 있는지 모르겠습니다.",
            "Cyrillic script|Я не знаю, где находится эта книга."})
    void languagesAreTold(String language, String text) {
        assertThat(Language.of(text)).contains(language);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Ok", "Paris, London, Berlin, Madrid, Rome, Vienna, Prague, Oslo", "12 345 678",
            "Meeting 16:45.",
            "SELECT id, name FROM users WHERE age > 30 ORDER BY name LIMIT 10"})
    void whatIsNotClearIsNotTold(String text) {
        assertThat(Language.of(text)).isEqualTo(Optional.empty());
    }

    @Test
    void anAnswerInAnotherLanguage() {
        List<String> lines = rows(30, i -> chat(ENGLISH + " " + i, ENGLISH + " So " + sentence(i)));
        lines.add(chat(GERMAN, ENGLISH));
        assertThat(codes(check(lines))).containsExactly("language_mismatch");
        lines.set(30, chat("Translate into English: " + GERMAN, ENGLISH));
        assertThat(check(lines).findings()).isEmpty();
        assertThat(check(rows(30, i -> chat(GERMAN + " " + i, ENGLISH + " So " + sentence(i)))).findings()).isEmpty();
    }

    @Test
    void aLanguageThatHardlyAnyRowHas() {
        List<String> lines = rows(150, i -> chat(ENGLISH + " " + i, sentence(i) + " " + ENGLISH + sentence(i * 3)));
        lines.add(chat(GERMAN, "Nein, " + GERMAN));
        assertThat(codes(check(lines))).contains("minority_language");
        lines.addAll(rows(60, i -> chat(GERMAN + i, sentence(i) + " " + GERMAN + sentence(i * 5))));
        assertThat(codes(check(lines))).doesNotContain("minority_language");
    }

    @Test
    void oneAnswerToManyQuestions() {
        List<String> lines = ordinary(60);
        lines.addAll(rows(20, i -> chat("Where is parcel " + i + " of mine?",
                "Thank you for your message about parcel " + i + ", we will look into it soon.")));
        Finding finding = check(lines).finding("template_answer").orElseThrow();
        assertThat(finding.message())
                .startsWith(
                        "20 of 80 answers are the same but for numbers and words of the question (lines 61, 62, 63, 64, 65, …)");
        assertThat(codes(check(rows(80, i -> chat("Ticket number " + i + "?", i % 2 == 0 ? "technical" : "billing")))))
                .isEmpty();
        assertThat(codes(check(rows(80, i -> chat("Ticket number " + i + "?",
                "{\"category\":\"technical\",\"priority\":\"low\",\"product\":\"lamp\",\"mood\":\"bad\",\"more\":\"no no\"}")))))
                .isEmpty();
    }

    @Test
    void manyRefusals() {
        List<String> lines = ordinary(30);
        lines.addAll(
                rows(10, i -> chat("Tell me secret " + i, "I'm sorry, but I can't help with that. " + sentence(i))));
        Finding finding = check(lines).finding("refusals").orElseThrow();
        assertThat(finding.message()).startsWith("10 of 40 answers (25 %) refuse to help");
        List<String> kind = ordinary(30);
        kind.addAll(
                rows(10, i -> chat("Where is it " + i, "I'm sorry to hear that your parcel is late. " + sentence(i))));
        assertThat(codes(check(kind))).doesNotContain("refusals");
        List<String> few = ordinary(100);
        few.addAll(rows(5,
                i -> chat("Tell me secret " + i, "Es tut mir leid, dabei kann ich dir nicht helfen. " + sentence(i))));
        assertThat(codes(check(few))).doesNotContain("refusals");
    }

    @Test
    void answersThatHardlyDiffer() {
        List<String> same = rows(200, i -> chat("Number " + i + "?",
                "The order was sent to you on the same day and comes within " + (i % 9) + " days or so."));
        assertThat(codes(check(same))).contains("low_diversity");
        assertThat(codes(check(ordinary(500)))).doesNotContain("low_diversity");
    }

    @Test
    void textsFarLongerOrShorterThanTheOthers() {
        List<String> lines = ordinary(100);
        lines.add(chat("What about it?", (sentence(5) + " ").repeat(100).strip()));
        Finding finding = check(lines).finding("length_outlier").orElseThrow();
        assertThat(finding.lines()).containsExactly(101);
        assertThat(finding.examples().getFirst().what()).startsWith("the answer has ");
        assertThat(codes(check(rows(100, i -> chat("q" + i, (sentence(i) + " ").repeat(1 + i % 30))))))
                .doesNotContain("length_outlier");
    }

    @ParameterizedTest
    @ValueSource(strings = {"support-tickets/tickets.jsonl", "message-routing/messages.jsonl",
            "house-style/notes.jsonl"})
    void theShippedExamplesHaveNoFindings(String file) {
        var report = DatasetReport.of(Dataset.read(Path.of("..", "examples").resolve(file)),
                conversation -> new TokenCount(9, 3), 0);
        assertThat(report.quality().findings()).isEmpty();
        assertThat(report.count(Severity.WARNING)).isZero();
        assertThat(report.problems()).extracting(Problem::code).doesNotContain("label_imbalance");
    }

    @Test
    void everyKindIsExplained() {
        assertThat(QualityChecks.kinds()).extracting(CheckKind::code).doesNotHaveDuplicates()
                .allMatch(code -> code.matches("[a-z0-9_]+"));
        assertThat(QualityChecks.kinds()).allSatisfy(kind -> {
            assertThat(kind.explanation()).endsWith(".").hasSizeGreaterThan(60);
            assertThat(kind.advice()).doesNotEndWith(".");
            assertThat(kind.title()).doesNotEndWith(".");
            assertThat(QualityChecks.kind(kind.code())).contains(kind);
        });
        assertThat(QualityChecks.kinds()).filteredOn(kind -> kind.severity() == Severity.ERROR)
                .extracting(CheckKind::code)
                .containsExactly("invalid_tool_arguments", "deprecated_function_call", "deprecated_functions");
    }
}
