package dev.attune.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class ChatEncoderTest {
    private static final ChatEncoder ENCODER = ChatEncoder.open(HuggingFaceTokenizerTest.TINY);

    @AfterAll
    static void close() {
        ENCODER.close();
    }

    @Test
    void trainsTheAnswerAndItsStopTokenAndNothingElse() {
        var example = ENCODER.example(new Conversation(List.of(new Message.System("Be brief."), new Message.User("Hi"),
                new Message.Assistant("Hello there."))));

        assertThat(trainedText(example)).containsExactly("Hello there.<|im_end|>");
        assertThat(ENCODER.tokenizer().decode(example.ids(), false)).isEqualTo(
                "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n"
                        + "<|im_start|>assistant\nHello there.<|im_end|>\n");
        assertThat(ENCODER.stopTokens()).containsExactly(2);
    }

    @Test
    void promptIsThePrefixThatTheAnswerWasTrainedAfter() {
        var messages = List.<Message>of(new Message.User("a"), new Message.Assistant("\n\nb"), new Message.User("c"),
                new Message.Assistant("  \nd"));
        var example = ENCODER.example(new Conversation(messages));

        for (int turn : new int[]{1, 3}) {
            int[] prompt = ENCODER.prompt(new Conversation(messages.subList(0, turn)));
            assertThat(example.ids()).startsWith(prompt);
            assertThat(example.trained()[prompt.length]).isTrue();
            assertThat(example.trained()[prompt.length - 1]).isFalse();
        }
        assertThat(trainedText(example)).containsExactly("\n\nb<|im_end|>", "  \nd<|im_end|>");
    }

    @Test
    void turnsOfWeightZeroAreContextOnly() {
        var example = ENCODER.example(new Conversation(List.of(new Message.User("a"),
                new Message.Assistant("no", List.of(), 0), new Message.User("b"), new Message.Assistant("yes"))));

        assertThat(trainedText(example)).containsExactly("yes<|im_end|>");
    }

    @Test
    void anEmptyAnswerTrainsItsStopToken() {
        assertThat(trainedText(ENCODER.example(new Conversation(List.of(new Message.User("a"),
                new Message.Assistant("")))))).containsExactly("<|im_end|>");
    }

    @Test
    void refusesAConversationOfWhichNothingWouldBeTrained() {
        for (var messages : List.of(List.<Message>of(new Message.User("a")), List.<Message>of(new Message.User("a"),
                new Message.Assistant("b", List.of(), 0)))) {
            assertThatThrownBy(() -> ENCODER.example(new Conversation(messages))).isInstanceOf(TextException.class)
                    .hasMessageContaining("no token of the conversation would be trained");
        }
    }

    /** The trained stretches, each as text. */
    static List<String> trainedText(MaskedTokens example) {
        var stretches = new ArrayList<String>();
        for (int i = 0; i < example.length(); i++) {
            int from = i;
            while (i < example.length() && example.trained()[i]) {
                i++;
            }
            if (i > from) {
                stretches.add(ENCODER.tokenizer().decode(Arrays.copyOfRange(example.ids(), from, i), false));
            }
        }
        return stretches;
    }
}
