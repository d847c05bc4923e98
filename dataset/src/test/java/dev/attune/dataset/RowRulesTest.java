package dev.attune.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.text.Message;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each rule of a row with a row that breaks it: code and JSON pointer. */
class RowRulesTest {
    private static final String USER = "{\"role\":\"user\",\"content\":\"Hi\"},";
    private static final String DONE = ",{\"role\":\"assistant\",\"content\":\"Done.\"}";

    private static List<Problem> problems(String line) {
        Dataset dataset = Rows.withGood(line);
        assertThat(dataset.rows()).hasSize(dataset.hasErrors() ? 10 : 11);
        assertThat(dataset.problems()).allSatisfy(problem -> assertThat(problem.line()).isEqualTo(11));
        return dataset.problems();
    }

    @Test
    void aPromptAndItsCompletionAreAQuestionAndItsAnswer() {
        var rows = new ArrayList<Row>();
        DatasetReader.line(7, "{\"prompt\": \"p\", \"completion\": \"c\"}", new DatasetReader.Listener() {
            @Override
            public void row(Row row) {
                rows.add(row);
            }

            @Override
            public void problem(Problem problem) {
                throw new AssertionError(problem);
            }
        });
        assertThat(rows).singleElement().satisfies(row -> {
            assertThat(row.line()).isEqualTo(7);
            assertThat(row.conversation().messages()).hasSize(2);
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "invalid_json | /messages | {\"messages\": x}",
            "invalid_json | | {\"messages\": []} tail",
            "invalid_json | | {\"messages\": []}{\"messages\": []}",
            "invalid_json | /messages/0 | {\"messages\": [{]}",
            "invalid_json | | not json",
            "data_type | | 7",
            "data_type | | null",
            "data_type | | [1]",
            "missing_messages_list | /messages | {\"messages\": []}",
            "missing_messages_list | /messages | {\"messages\": {}}",
            "missing_messages_list | /messages | {\"messages\": null}",
            "unexpected_format | | {\"prompt\": [\"p\"], \"completion\": \"c\"}",
            "unexpected_format | | {\"input\": {\"messages\": []}, \"preferred_output\": [], \"non_preferred_output\": []}",
            "unexpected_format | | {\"conversations\": []}",
            "unexpected_format | | {\"instruction\": \"i\", \"input\": \"\", \"output\": \"o\"}",
            "unexpected_format | | {}",
            "unexpected_format | /messages | {\"messages\":[{\"role\":\"user\",\"content\":\"2+2\"}],\"answer\":\"4\"}"})
    void rowsOfAnotherShape(String code, String pointer, String line) {
        Problem problem = problems(line).getFirst();
        assertThat(problem.code()).isEqualTo(code);
        assertThat(problem.pointer()).isEqualTo(pointer == null ? "" : pointer);
        assertThat(problem.isError()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "data_type | /messages/1 | \"Hi\"",
            "message_missing_key | /messages/1 | {\"content\":\"x\"}",
            "message_missing_key | /messages/1 | {\"role\":\"assistant\"}",
            "message_missing_key | /messages/1 | {\"role\":\"user\"}",
            "unrecognized_role | /messages/1/role | {\"role\":\"human\",\"content\":\"x\"}",
            "unrecognized_role | /messages/1/role | {\"role\":7,\"content\":\"x\"}",
            "unrecognized_role | /messages/1/role | {\"role\":\"function\",\"name\":\"f\",\"content\":\"x\"}",
            "message_unrecognized_key | /messages/1/mood | {\"role\":\"user\",\"content\":\"x\",\"mood\":\"good\"}",
            "message_unrecognized_key | /messages/1/a~1b | {\"role\":\"user\",\"content\":\"x\",\"a/b\":1}",
            "message_unrecognized_key | /messages/1/tool_calls | {\"role\":\"user\",\"content\":\"x\",\"tool_calls\":[]}",
            "weight_not_on_assistant | /messages/1/weight | {\"role\":\"user\",\"content\":\"x\",\"weight\":0}",
            "invalid_weight | /messages/1/weight | {\"role\":\"assistant\",\"content\":\"x\",\"weight\":0.5}",
            "invalid_weight | /messages/1/weight | {\"role\":\"assistant\",\"content\":\"x\",\"weight\":true}",
            "invalid_weight | /messages/1/weight | {\"role\":\"assistant\",\"content\":\"x\",\"weight\":null}",
            "missing_content | /messages/1/content | {\"role\":\"assistant\",\"content\":null}",
            "missing_content | /messages/1/content | {\"role\":\"user\",\"content\":null}",
            "missing_content | /messages/1/content | {\"role\":\"user\",\"content\":5}",
            "missing_content | /messages/1/content | {\"role\":\"user\",\"content\":[]}",
            "missing_content | /messages/1/content | {\"role\":\"assistant\",\"content\":\" \"}",
            "invalid_content_part | /messages/1/content/0 | {\"role\":\"user\",\"content\":[\"x\"]}",
            "unsupported_content_part | /messages/1/content/0 | {\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"u\"}}]}",
            "unsupported_content_part | /messages/1/content/0 | {\"role\":\"user\",\"content\":[{\"type\":\"input_audio\"}]}",
            "deprecated_function_call | /messages/1/function_call | {\"role\":\"assistant\",\"content\":null,\"function_call\":{\"name\":\"f\"}}",
            "unsupported_refusal | /messages/1/refusal | {\"role\":\"assistant\",\"content\":\"\",\"refusal\":\"no\"}",
            "data_type | /messages/1/name | {\"role\":\"user\",\"content\":\"x\",\"name\":7}",
            "message_missing_key | /messages/1/tool_call_id | {\"role\":\"tool\",\"content\":\"x\"}",
            "tool_reply_without_call | /messages/1/tool_call_id | {\"role\":\"tool\",\"content\":\"x\",\"tool_call_id\":\"c\"}",
            "invalid_tool_calls | /messages/1/tool_calls | {\"role\":\"assistant\",\"content\":null,\"tool_calls\":[]}",
            "invalid_tool_calls | /messages/1/tool_calls/0 | {\"role\":\"assistant\",\"content\":null,\"tool_calls\":[7]}"})
    void messagesThatBreakARule(String code, String pointer, String message) {
        List<Problem> problems = problems(Rows.messages(USER + message + DONE));
        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo(code);
            assertThat(problem.pointer()).isEqualTo(pointer);
            assertThat(problem.isError()).isTrue();
        });
    }

    private static String calling(String tools, String calls, String replies) {
        return "{\"tools\":" + tools + ",\"messages\":[" + USER
                + "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":["
                + calls + "]}" + replies + DONE + "]}";
    }

    private static String call(String id, String name, String arguments) {
        return "{\"id\":\"" + id + "\",\"type\":\"function\",\"function\":{\"name\":\"" + name + "\",\"arguments\":"
                + Rows.quote(arguments) + "}}";
    }

    private static String reply(String id) {
        return ",{\"role\":\"tool\",\"tool_call_id\":\"" + id + "\",\"content\":\"12\"}";
    }

    private static final String WEATHER = "[{\"type\":\"function\",\"function\":{\"name\":\"weather\",\"parameters\":{\"type\":\"object\"}}}]";

    @Test
    void toolsCallsAndRepliesThatFitAreRead() {
        Dataset dataset = Rows.withGood(calling(WEATHER, call("c1", "weather", "{\"city\":\"Paris\"}"), reply("c1")));
        assertThat(dataset.problems()).isEmpty();
        Row row = dataset.rows().getLast();
        assertThat(row.conversation().tools()).hasSize(1);
        assertThat(row.conversation().messages().get(1)).isInstanceOfSatisfying(Message.Assistant.class, assistant -> {
            assertThat(assistant.content()).isEmpty();
            assertThat(assistant.toolCalls().getFirst().name()).isEqualTo("weather");
        });
        assertThat(row.conversation().messages().get(2)).isEqualTo(new Message.Tool("12", "c1"));
    }

    @Test
    void toolsCallsAndRepliesThatDoNotFitAreNamed() {
        assertThat(problems(calling(WEATHER, call("c1", "weather", "{\"city\":"), reply("c1"))).getFirst())
                .satisfies(problem -> {
                    assertThat(problem.code()).isEqualTo("invalid_tool_arguments");
                    assertThat(problem.pointer()).isEqualTo("/messages/1/tool_calls/0/function/arguments");
                });
        assertThat(problems(calling(WEATHER, call("c1", "weather", "[]"), reply("c1"))).getFirst().message())
                .isEqualTo("'arguments' is not a JSON object: it is no JSON object");
        assertThat(problems(calling(WEATHER, call("c1", "wether", "{}"), reply("c1"))).getFirst().message())
                .isEqualTo("'wether' is not among the row's 'tools'; did you mean 'weather'?");
        assertThat(problems(calling(WEATHER, call("c1", "weather", "{}"), "")).getFirst().code())
                .isEqualTo("tool_call_unanswered");
        assertThat(
                problems(calling(WEATHER, call("c1", "weather", "{}") + "," + call("c1", "weather", "{}"), reply("c1")))
                        .getFirst().code())
                .isEqualTo("duplicate_tool_call_id");
        assertThat(problems(calling(WEATHER, call("c1", "weather", "{}"), reply("c1") + reply("c1"))).getFirst().code())
                .isEqualTo("tool_call_answered_twice");
        assertThat(problems(calling("null", call("c1", "weather", "{}"), reply("c1"))).getFirst().code())
                .isEqualTo("tool_call_without_tools");
        assertThat(problems(calling("[{\"type\":\"function\"}]", call("c1", "weather", "{}"), reply("c1"))).getFirst()
                .pointer())
                .isEqualTo("/tools/0");
        assertThat(problems(calling("[{\"type\":\"function\",\"function\":{\"name\":\"a b\"}}]", call("c1", "w", "{}"),
                reply("c1")))
                .getFirst().code()).isEqualTo("invalid_tool_name");
    }

    @Test
    void duplicateKeysAreAllNamedAndTheRowIsNotTrained() {
        List<Problem> problems = problems(
                "{\"messages\":[{\"role\":\"user\",\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":\"b\",\"content\":\"c\"}]}");
        assertThat(problems).extracting(Problem::code).containsExactly("duplicate_key", "duplicate_key");
        assertThat(problems).extracting(Problem::pointer).containsExactly("/messages/0/role", "/messages/1/content");
    }

    /** U+2037 has the low byte of a 7. */
    @Test
    void anEscapeTakesOnlyHexadecimalDigits() {
        assertThat(problems(Rows.messages(USER + "{\"role\":\"assistant\",\"content\":\"x \\u200\u2037 y\"}")))
                .extracting(Problem::code).containsExactly("invalid_json");
        assertThat(problems(Rows.messages(USER + "{\"role\":\"assistant\",\"content\":\"x \\\\u200\u2037 y\"}")))
                .isEmpty();
    }

    @Test
    void halfASurrogatePairIsNoCharacter() {
        assertThat(problems(Rows.messages(USER + "{\"role\":\"assistant\",\"content\":\"x \\ud83d y\"}")).getFirst())
                .satisfies(problem -> {
                    assertThat(problem.code()).isEqualTo("lone_surrogate");
                    assertThat(problem.pointer()).isEqualTo("/messages/1/content");
                });
        assertThat(problems(Rows.messages(USER + "{\"role\":\"assistant\",\"content\":\"\\ude00\\ud83d\"}")))
                .hasSize(1);
        assertThat(problems(Rows.messages(USER + "{\"role\":\"assistant\",\"content\":\"\\ud83d\\ude00\"}"))).isEmpty();
    }

    @Test
    void nestingBombsAreRefused() {
        assertThat(problems("{\"messages\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}").getFirst().code())
                .isEqualTo("nesting_too_deep");
        assertThat(problems("{\"a\":".repeat(5_000)).getFirst().code()).isEqualTo("nesting_too_deep");
    }

    @Test
    void aRowNeedsATrainedAnswerAtItsEnd() {
        assertThat(problems(Rows.messages("{\"role\":\"user\",\"content\":\"Hi\"}")).getFirst().code())
                .isEqualTo("example_missing_assistant_message");
        assertThat(problems(Rows.messages(USER + "{\"role\":\"assistant\",\"content\":\"x\",\"weight\":0}")).getFirst()
                .code())
                .isEqualTo("no_trained_message");
        assertThat(problems(Rows
                .messages(USER + "{\"role\":\"assistant\",\"content\":\"x\"},{\"role\":\"user\",\"content\":\"?\"}"))
                .getFirst()).satisfies(problem -> {
                    assertThat(problem.code()).isEqualTo("last_message_not_assistant");
                    assertThat(problem.pointer()).isEqualTo("/messages/2");
                });
    }

    @Test
    void oddRowsAreTrainedWithAWarning() {
        assertThat(problems("{\"message\":1," + Rows.chat("q", "a").substring(1)).getFirst()).satisfies(problem -> {
            assertThat(problem.code()).isEqualTo("example_unrecognized_key");
            assertThat(problem.severity()).isEqualTo(Severity.WARNING);
            assertThat(problem.message()).endsWith("did you mean 'messages'?");
        });
        assertThat(problems(Rows.messages("{\"role\":\"assistant\",\"content\":\"x\"}")).getFirst().code())
                .isEqualTo("missing_user_message");
        assertThat(problems(Rows
                .messages(USER + "{\"role\":\"system\",\"content\":\"s\"},{\"role\":\"assistant\",\"content\":\"x\"}"))
                .getFirst().code()).isEqualTo("system_not_first");
        assertThat(problems(
                Rows.messages("{\"role\":\"user\",\"content\":\"\"},{\"role\":\"assistant\",\"content\":\"x\"}"))
                .getFirst().code()).isEqualTo("empty_message");
    }

    @Test
    void textPartsAreJoinedAndWeightsKept() {
        Dataset dataset = Rows.withGood(Rows.messages(
                "{\"role\":\"developer\",\"content\":\"d\"},{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"text\",\"text\":\"b\"}],\"name\":\"Ann\"},"
                        + "{\"role\":\"assistant\",\"content\":\"x\",\"weight\":0},{\"role\":\"user\",\"content\":\"more\"},{\"role\":\"assistant\",\"content\":\"y\",\"weight\":1}"));
        assertThat(dataset.problems()).isEmpty();
        assertThat(dataset.rows().getLast().conversation().messages()).containsExactly(new Message.Developer("d"),
                new Message.User("a\nb", "Ann"), new Message.Assistant("x", List.of(), 0), new Message.User("more", ""),
                new Message.Assistant("y", List.of(), 1));
    }

    @Test
    void allProblemsOfARowAreSaidAtOnce() {
        List<Problem> problems = problems(
                "{\"mesages\":0,\"messages\":[{\"role\":\"usr\",\"content\":\"x\"},{\"content\":\"y\"},{\"role\":\"assistant\",\"content\":3,\"wieght\":1}]}");
        assertThat(problems).extracting(Problem::code).containsExactlyInAnyOrder("example_unrecognized_key",
                "unrecognized_role",
                "message_missing_key", "missing_content", "message_unrecognized_key");
        assertThat(problems).anySatisfy(problem -> assertThat(problem.message()).contains("did you mean 'weight'?"));
    }

    @Test
    void numbersAreKeptAsTheyAreWritten() {
        Dataset dataset = Rows.withGood("{\"id\":12345678901234567890,\"p\":0.1," + Rows.chat("q", "a").substring(1));
        assertThat(dataset.rows().getLast().raw()).isEqualTo(Map.of("id", new BigInteger("12345678901234567890"), "p",
                new BigDecimal("0.1"), "messages", dataset.rows().getLast().raw().get("messages")));
    }

    @Test
    void aProblemIsOneLineOfVisibleCharacters() {
        Problem problem = problems(Rows.messages(USER
                + "{\"role\":\"assistant\",\"content\":\"x\",\"k\\n\\u001b[31m\\u202e" + "y".repeat(5000) + "\":1}"))
                .getFirst();
        assertThat(problem.code()).isEqualTo("message_unrecognized_key");
        assertThat(problem.message()).startsWith("the key 'k\uFFFD\uFFFD[31m\uFFFDyyy").hasSizeLessThan(510);
        assertThat(problem.pointer()).hasSizeLessThan(510);
    }

    @Test
    void anExcerptShowsThePlace() {
        String line = "{\"messages\":[" + USER.repeat(20) + "{\"role\":\"assistant\",\"content\":\"here\" oops}]}";
        Problem problem = problems(line).getFirst();
        assertThat(problem.excerpt()).contains("oops").hasSizeLessThan(100);
        assertThat(problem.message()).contains("column " + (line.indexOf("oops") + 1));
    }
}
