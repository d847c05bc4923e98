package dev.attune.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Holds the mask against what each family's template writes. */
class ChatEncoderTemplatesTest {
    private static final Conversation TWO_ROUNDS = new Conversation(List.of(new Message.User("first"),
            new Message.Assistant("one"), new Message.User("second"), new Message.Assistant("two")));

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', value = {
            "chatml-tools.jinja, , <|im_end|>, one<|im_end|>, two<|im_end|>",
            "headers.jinja, <|begin_of_text|>, <|eot_id|>, one<|eot_id|>, two<|eot_id|>",
            "inst.jinja, <s>, </s>, \" one </s>\", \" two </s>\"", "inst-tools.jinja, <s>, </s>, one</s>, two</s>",
            "turns.jinja, <bos>, <eos>, one<end_of_turn>, two<end_of_turn>",
            "ends.jinja, <s>, <|endoftext|>, one<|end|>, two<|end|>",
            "zephyr.jinja, <s>, </s>, one</s>, two</s>", "smol.jinja, , <|im_end|>, one<|im_end|>, two<|im_end|>",
            "deep.jinja, <｜begin▁of▁sentence｜>, <｜end▁of▁sentence｜>, one<｜end▁of▁sentence｜>, two<｜end▁of▁sentence｜>",
            "tokens-turns.jinja, <BOS_TOKEN>, <|END_OF_TURN_TOKEN|>, one<|END_OF_TURN_TOKEN|>, two<|END_OF_TURN_TOKEN|>",
            "sep.jinja, <|endoftext|>, <|im_end|>, one<|im_end|>, two<|im_end|>",
            "modes.jinja, , <|im_end|>, one<|im_end|>, two<|im_end|>",
            "turns-strict.jinja, <bos>, <eos>, one<end_of_turn>, two<end_of_turn>",
            "schema-tools.jinja, , <|im_end|>, one<|im_end|>, two<|im_end|>",
            "roles.jinja, , <|end_of_text|>, one<|end_of_text|>, two<|end_of_text|>"})
    void trainsTheAnswersAndTheirStopTokens(String template, String bos, String eos, String first, String second)
            throws IOException {
        try (var encoder = open(template, bos, eos)) {
            var example = encoder.example(TWO_ROUNDS);

            assertThat(trained(encoder, example)).containsExactly(first, second);
            assertThat(encoder.tokenizer().decode(example.ids(), false)).isEqualTo(encoder.template().render(TWO_ROUNDS,
                    false));
            promptsArePrefixes(encoder, TWO_ROUNDS, example);
        }
    }

    @Test
    void aBlankBeforeEveryTextKeepsTheWholeEncodingAndThePrefix() throws IOException {
        var special = Map.of("bos_token", "<s>", "eos_token", "</s>");
        try (var encoder = ChatEncoder.open(ModelFolders.sentencePiece(folder, "inst.jinja", special))) {
            var example = encoder.example(TWO_ROUNDS);

            assertThat(example.ids())
                    .isEqualTo(encoder.tokenizer().encode(encoder.template().render(TWO_ROUNDS, false)));
            assertThat(example.trainedCount()).isEqualTo(12);
            promptsArePrefixes(encoder, TWO_ROUNDS, example);
        }
    }

    @Test
    void aTemplateWithoutAStopTokenGetsOneAtTheEndAndIsRefusedInTheMiddle() throws IOException {
        try (var encoder = open("plain.jinja", null, "<|endoftext|>")) {
            var once = new Conversation(TWO_ROUNDS.messages().subList(0, 2));

            assertThat(trained(encoder, encoder.example(once))).containsExactly(" one<|endoftext|>");
            assertThatThrownBy(() -> encoder.example(TWO_ROUNDS)).isInstanceOf(TextException.class)
                    .hasMessageContaining("the assistant turn in message 2").hasMessageContaining("weight 0")
                    .hasMessageNotContaining("\n");
        }
    }

    @Test
    void aTemplateThatTakesEarlierThoughtsOutIsRefusedForTheEarlierTurnsOnly() throws IOException {
        try (var encoder = open("thinking.jinja", null, "<|im_end|>")) {
            var thoughts = List.<Message>of(new Message.User("a"), new Message.Assistant("<think>\nx\n</think>\n\nb"),
                    new Message.User("c"), new Message.Assistant("<think>\ny\n</think>\n\nd"));
            assertThatThrownBy(() -> encoder.example(new Conversation(thoughts))).isInstanceOf(TextException.class)
                    .hasMessageContaining("message 2");

            var last = new ArrayList<>(thoughts);
            last.set(1, new Message.Assistant("b", List.of(), 0));
            assertThat(trained(encoder, encoder.example(new Conversation(last)))).containsExactly(
                    "<think>\ny\n</think>\n\nd<|im_end|>");
        }
    }

    @Test
    void aRefusalOfTheTemplateIsOneSentenceThatNamesIt() throws IOException {
        try (var encoder = open("turns.jinja", "<bos>", "<eos>")) {
            assertThatThrownBy(() -> encoder.prompt(new Conversation(List.of(new Message.User("a"), new Message.User(
                    "b"))))).isInstanceOf(TextException.class).hasMessageContaining(
                            "Conversation roles must alternate")
                    .hasMessageContaining("chat_template.jinja, line 15");
        }
    }

    @Test
    void stopTokensAreThoseOfEveryFileAndTheOneTheTemplateWrites() throws IOException {
        var dir = ModelFolders.byteLevel(folder, "ends.jinja", Map.of("eos_token", "<|endoftext|>"));
        Files.writeString(dir.resolve("generation_config.json"), "{\"eos_token_id\": [0, 7]}");
        Files.writeString(dir.resolve("config.json"), "{\"eos_token_id\": 9}");
        try (var encoder = ChatEncoder.open(dir)) {
            assertThat(encoder.stopTokens()).containsExactlyInAnyOrder(0, 7, 9, encoder.tokenizer().idOf("<|end|>"));
        }
    }

    @Test
    void toolCallsAreTrainedAndToolAnswersAreNot() throws IOException {
        try (var encoder = open("chatml-tools.jinja", null, "<|im_end|>")) {
            var call = new ToolCall("id", "f", "{\"x\": [1, \"ä\"]}");
            var example = encoder.example(new Conversation(List.of(new Message.User("q"), new Message.Assistant("", List
                    .of(call), 1), new Message.Tool("42", "id"), new Message.Assistant("done")), List.of(Map.of("type",
                            "function", "function", Map.of("name", "f")))));

            assertThat(trained(encoder, example)).containsExactly(
                    "<tool_call>\n{\"name\": \"f\", \"arguments\": {\"x\": [1, \"ä\"]}}\n</tool_call><|im_end|>",
                    "done<|im_end|>");
        }
    }

    @Test
    void randomConversationsKeepTheirTextTheirPromptsAndTheirMask() throws Exception {
        long seed = Long.getLong("attune.seed", new Random().nextLong());
        System.out.println("randomConversations: -Dattune.seed=" + seed);
        var random = new Random(seed);
        for (String template : List.of("smol.jinja", "chatml-tools.jinja", "inst-tools.jinja", "ends.jinja",
                "roles.jinja")) {
            try (var encoder = open(template, null, "</s>")) {
                for (int i = 0; i < 60; i++) {
                    var conversation = randomConversation(random);
                    var example = encoder.example(conversation);
                    var text = encoder.template().render(conversation, false);

                    assertThat(encoder.tokenizer().decode(example.ids(), false)).isEqualTo(text);
                    promptsArePrefixes(encoder, conversation, example);
                    assertThat(trained(encoder, example)).containsExactlyElementsOf(expected(encoder, conversation));
                }
            }
        }
    }

    @Test
    void manyThreadsSeeWhatOneSees() throws Exception {
        var random = new Random(5);
        try (var encoder = open("chatml-tools.jinja", null, "<|im_end|>");
                var threads = Executors.newFixedThreadPool(8)) {
            var conversations = new ArrayList<Conversation>();
            var expected = new ArrayList<MaskedTokens>();
            for (int i = 0; i < 40; i++) {
                conversations.add(randomConversation(random));
                expected.add(encoder.example(conversations.get(i)));
            }
            var tasks = new ArrayList<Callable<Boolean>>();
            for (int i = 0; i < 400; i++) {
                int place = i % 40;
                tasks.add(() -> {
                    var example = encoder.example(conversations.get(place));
                    return Arrays.equals(example.ids(), expected.get(place).ids()) && Arrays.equals(example.trained(),
                            expected.get(place).trained());
                });
            }
            for (var result : threads.invokeAll(tasks)) {
                assertThat(result.get()).isTrue();
            }
        }
    }

    private ChatEncoder open(String template, String bos, String eos) throws IOException {
        return ChatEncoder.open(ModelFolders.byteLevel(folder, template,
                bos == null
                        ? Map.of("eos_token", eos)
                        : Map.of(
                                "bos_token", bos, "eos_token", eos)));
    }

    private static Conversation randomConversation(Random random) {
        var messages = new ArrayList<Message>();
        int rounds = 1 + random.nextInt(3);
        for (int i = 0; i < rounds; i++) {
            messages.add(new Message.User(randomText(random)));
            int weight = i == rounds - 1 || random.nextBoolean() ? 1 : 0;
            messages.add(new Message.Assistant(randomText(random), List.of(), weight));
        }
        return new Conversation(messages);
    }

    private static String randomText(Random random) {
        String[] pieces = {"a", "word ", " ", "\n", "\n\n", "\t", "ä", "😀", "👩‍👩‍👧", "\u0000", "\u2028", "é",
                "e\u0301", "{{", "%}",
                "\"", "\\", "<", "12", "東京", "\uFEFF", "\u00AD", ".", "ﷺ"};
        var text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            text.append(random.nextInt(20) == 0
                    ? Character.toString(randomPoint(random))
                    : pieces[random.nextInt(
                            pieces.length)]);
        }
        return text.toString();
    }

    private static int randomPoint(Random random) {
        int point = random.nextInt(0x110000);
        return point >= 0xD800 && point <= 0xDFFF ? 0xFFFD : point;
    }

    /** The answers of weight 1, each with the stop token of the template. */
    private static List<String> expected(ChatEncoder encoder, Conversation conversation) {
        String probe = encoder.template().render(new Conversation(List.of(new Message.User("q"), new Message.Assistant(
                "PROBE"))), false);
        String end = encoder.tokenizer().decode(new int[]{encoder.tokenizer().encode(probe.substring(probe.indexOf(
                "PROBE") + 5))[0]}, false);
        var expected = new ArrayList<String>();
        for (Message message : conversation.messages()) {
            if (message instanceof Message.Assistant assistant && assistant.weight() == 1) {
                expected.add(assistant.content() + end);
            }
        }
        return expected;
    }

    private static void promptsArePrefixes(ChatEncoder encoder, Conversation conversation, MaskedTokens example) {
        for (int i = 0; i < conversation.messages().size(); i++) {
            if (conversation.messages().get(i) instanceof Message.Assistant assistant && assistant.weight() == 1) {
                int[] prompt = encoder.prompt(new Conversation(conversation.messages().subList(0, i), conversation
                        .tools()));
                assertThat(Arrays.copyOf(example.ids(), prompt.length)).isEqualTo(prompt);
                assertThat(example.trained()[prompt.length]).isTrue();
                assertThat(example.trained()[prompt.length - 1]).isFalse();
            }
        }
    }

    private static List<String> trained(ChatEncoder encoder, MaskedTokens example) {
        var stretches = new ArrayList<String>();
        for (int i = 0; i < example.length(); i++) {
            int from = i;
            while (i < example.length() && example.trained()[i]) {
                i++;
            }
            if (i > from) {
                stretches.add(encoder.tokenizer().decode(Arrays.copyOfRange(example.ids(), from, i), false));
            }
        }
        return stretches;
    }
}
