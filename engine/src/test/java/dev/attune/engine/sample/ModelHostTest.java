package dev.attune.engine.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.engine.EngineException;
import dev.attune.engine.model.CausalLm;
import dev.attune.engine.model.DecodeSession;
import dev.attune.engine.model.LoraAdapter;
import dev.attune.engine.model.ModelRef;
import dev.attune.engine.model.PackedBatch;
import dev.attune.engine.tensor.Numbers;
import dev.attune.engine.train.JobDirectory;
import dev.attune.engine.train.JobFixture;
import dev.attune.text.Conversation;
import dev.attune.text.MaskedTokens;
import dev.attune.text.Message;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelHostTest {
    private static final ModelRef BASE = ModelRef.base(JobFixture.BASE);

    @TempDir
    static Path folder;
    private static ModelRef tuned;
    private static ModelHost host;

    @BeforeAll
    static void tuneAndOpen() throws Exception {
        JobDirectory job = JobFixture.job(folder, "job", 16, 20, 4, false);
        JobFixture.trainer(job).run();
        tuned = ModelRef.tuned(JobFixture.BASE, job.result().resolve("adapter"));
        host = new ModelHost();
    }

    @AfterAll
    static void close() {
        host.close();
    }

    private static int[] prompt(String question) {
        return host.encoder(BASE).prompt(new Conversation(List.of(new Message.User(question))));
    }

    private static SamplingOptions warm(long seed, int tokens, String... stops) {
        return new SamplingOptions(tokens, 1.2, 0.95, seed, List.of(stops));
    }

    private static Generation say(ModelRef model, SamplingOptions options) {
        return host.generate(model, prompt("Say hello"), options, TextListener.NONE);
    }

    @Test
    void theSameSeedGivesTheSameTextAndAnotherSeedAnother() {
        assertThat(say(BASE, warm(1, 30))).isEqualTo(say(BASE, warm(1, 30)));
        assertThat(say(BASE, warm(1, 30)).text()).isNotEqualTo(say(BASE, warm(2, 30)).text());
    }

    @Test
    void atTemperatureZeroTheSeedDoesNotMatter() {
        Generation first = say(tuned, new SamplingOptions(30, 0, 1, 1, List.of()));

        assertThat(say(tuned, new SamplingOptions(30, 0, 1, 2, List.of()))).isEqualTo(first);
        assertThat(first.promptTokens()).isEqualTo(prompt("Say hello").length);
        assertThat(first.completionTokens()).isBetween(1, 30);
    }

    /** What is said is what was trained: the cached, one-token-at-a-time pass has the packed pass's logits. */
    @Test
    void servingHasTheLogitsOfTraining() {
        int[] ids = prompt("Say something rather longer than before, please");
        try (CausalLm model = CausalLm.load(JobFixture.BASE);
                LoraAdapter adapter = LoraAdapter.load(Path.of(tuned.adapter()), model.config(), false);
                DecodeSession session = model.decode(Optional.of(adapter), 1, ids.length)) {
            var example = new MaskedTokens(ids, new boolean[ids.length]);
            float[] trained = model.logits(PackedBatch.pack(List.of(example), 1), Optional.of(adapter));
            int vocabulary = model.config().vocabularySize();
            for (int i = 0; i < ids.length; i++) {
                float[] served = i == 0
                        ? session.append(0, new int[]{ids[0]})
                        : session.step(new int[]{0}, new int[]{ids[i]})[0];
                Numbers.assertClose("token " + i, served,
                        java.util.Arrays.copyOfRange(trained, i * vocabulary, (i + 1) * vocabulary), 1e-5);
            }
        }
    }

    @Test
    void anAdapterChangesWhatIsSaidAndTheBaseStaysAsItWas() {
        String base = say(BASE, SamplingOptions.greedy(20)).text();

        assertThat(say(tuned, SamplingOptions.greedy(20)).text()).isNotEqualTo(base);
        assertThat(say(BASE, SamplingOptions.greedy(20)).text()).isEqualTo(base);
    }

    @Test
    void theMostTokensEndTheTextForWantOfLength() {
        Generation generation = say(BASE, SamplingOptions.greedy(5));

        assertThat(generation.finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(generation.completionTokens()).isEqualTo(5);
    }

    @Test
    void theEndOfTheContextEndsTheText() {
        int context = host.contextLength(BASE);
        int[] prompt = new int[context - 3];
        java.util.Arrays.fill(prompt, 40);

        Generation generation = host.generate(BASE, prompt, SamplingOptions.greedy(0), TextListener.NONE);

        assertThat(generation.completionTokens()).isLessThanOrEqualTo(3);
        assertThatThrownBy(() -> host.generate(BASE, new int[context], SamplingOptions.greedy(1), TextListener.NONE))
                .isInstanceOf(EngineException.class).hasMessageContaining(context + " tokens")
                .hasMessageContaining("shorten");
        assertThatThrownBy(() -> host.generate(BASE, new int[0], SamplingOptions.greedy(1), TextListener.NONE))
                .isInstanceOf(EngineException.class);
    }

    @Test
    void aStopTextEndsTheTextBeforeItAlsoWhereItSpansTokens() {
        var random = new Random(JobFixture.SEED);
        for (int seed = 0; seed < 20; seed++) {
            String whole = say(BASE, warm(seed, 25)).text();
            if (whole.length() < 8) {
                continue;
            }
            int from = 2 + random.nextInt(whole.length() - 6);
            String stop = whole.substring(from, from + 3);
            Generation stopped = say(BASE, warm(seed, 25, stop));

            assertThat(stopped.text()).isEqualTo(whole.substring(0, whole.indexOf(stop)));
            assertThat(stopped.finishReason()).isEqualTo(FinishReason.STOP);
        }
    }

    /** Random weights speak in broken bytes: a good trial of characters that come in several tokens. */
    @Test
    void theStreamedPiecesMakeTheTextAndNoneEndsWithinACharacter() {
        for (int seed = 0; seed < 10; seed++) {
            var pieces = new ArrayList<String>();
            Generation generation = host.generate(BASE, prompt("Say hello"), warm(seed, 30),
                    piece -> pieces.add(piece.text()));

            assertThat(String.join("", pieces)).isEqualTo(generation.text());
            assertThat(pieces).noneMatch(piece -> !piece.isEmpty()
                    && Character.isHighSurrogate(piece.charAt(piece.length() - 1)));
        }
    }

    @Test
    void aListenerThatHasHeardEnoughEndsTheText() {
        var pieces = new ArrayList<String>();
        Generation generation = host.generate(BASE, prompt("Say hello"), warm(3, 50), piece -> {
            pieces.add(piece.text());
            return pieces.size() < 5;
        });

        assertThat(generation.finishReason()).isEqualTo(FinishReason.CANCELLED);
        assertThat(generation.completionTokens()).isEqualTo(4);
    }

    @Test
    void theTokensToldMakeTheText_withTheProbabilitiesThatScoringGivesThem() {
        var bytes = host.encoder(BASE).tokenBytes();
        int[] prompt = prompt("Say hello");
        for (int seed = 0; seed < 5; seed++) {
            var told = new ArrayList<TokenLogprobs>();
            Generation said = host.generate(BASE, prompt, warm(seed, 12).withAlternatives(3), piece -> {
                told.addAll(piece.tokens());
                return true;
            });
            assertThat(told).isEqualTo(said.tokens());
            var written = new java.io.ByteArrayOutputStream();
            told.forEach(token -> written.writeBytes(bytes.of(token.chosen().token())));
            assertThat(written.toString(java.nio.charset.StandardCharsets.UTF_8)).isEqualTo(said.text());

            int[] whole = java.util.stream.IntStream.concat(java.util.Arrays.stream(prompt),
                    told.stream().mapToInt(token -> token.chosen().token())).toArray();
            List<TokenLogprobs> scored = host.score(BASE, whole, 3);
            assertThat(scored).hasSize(whole.length - 1);
            for (int i = 0; i < told.size(); i++) {
                TokenLogprobs alone = scored.get(prompt.length - 1 + i);
                assertThat(alone.chosen().token()).isEqualTo(told.get(i).chosen().token());
                assertThat(alone.chosen().value()).isCloseTo(told.get(i).chosen().value(),
                        org.assertj.core.api.Assertions.within(1e-4));
                assertThat(alone.top()).extracting(Logprob::token)
                        .isEqualTo(told.get(i).top().stream().map(Logprob::token).toList());
            }
        }
    }

    @Test
    void aTextThatHasToBeJsonIsOneObject_howeverLittleTheModelKnows() {
        for (int seed = 0; seed < 6; seed++) {
            var options = new SamplingOptions(400, 1, 1, seed, List.of(), Steering.NONE, TextShape.JSON_OBJECT,
                    SamplingOptions.NO_LOGPROBS);
            Generation said = say(BASE, options);

            if (said.finishReason() == FinishReason.STOP) {
                assertThat(tools.jackson.databind.json.JsonMapper.shared().readTree(said.text()).isObject())
                        .as(said.text()).isTrue();
            } else {
                assertThat(said.text().strip()).startsWith("{");
            }
        }
    }

    @Test
    void aTextBeginsWithOneOfItsOpenings() {
        var shape = new TextShape(List.of("<call>add(", "<call>adding("), false, java.util.Set.of());
        for (int seed = 0; seed < 6; seed++) {
            var options = new SamplingOptions(20, 1, 1, seed, List.of(), Steering.NONE, shape,
                    SamplingOptions.NO_LOGPROBS);
            assertThat(say(BASE, options).text()).matches("(?s)<call>add(ing)?\\(.*");
        }
    }

    @Test
    void aListenerThatIsGoneBeforeThePromptIsReadGetsNothing() {
        Generation said = host.generate(BASE, prompt("hi"), warm(1, 9), piece -> false);

        assertThat(said.finishReason()).isEqualTo(FinishReason.CANCELLED);
        assertThat(said.completionTokens()).isZero();
    }

    @Test
    void manyAtATimeSayWhatEachWouldSayAlone() throws Exception {
        var expected = new ArrayList<Generation>();
        for (int i = 0; i < 12; i++) {
            expected.add(say(i % 2 == 0 ? BASE : tuned, warm(i, 20)));
        }
        try (var executor = Executors.newFixedThreadPool(6)) {
            var futures = new ArrayList<Future<Generation>>();
            for (int i = 0; i < 12; i++) {
                int which = i;
                futures.add(executor.submit(() -> {
                    if (which % 5 == 4) {
                        host.evict(tuned);
                    }
                    return say(which % 2 == 0 ? BASE : tuned, warm(which, 20));
                }));
            }
            for (int i = 0; i < 12; i++) {
                assertThat(futures.get(i).get()).isEqualTo(expected.get(i));
            }
        }
    }

    @Test
    void aModelThatIsNotThereIsNamed() {
        ModelRef missing = ModelRef.tuned(JobFixture.BASE, folder.resolve("nothing"));

        assertThatThrownBy(() -> host.generate(missing, prompt("hi"), SamplingOptions.greedy(1), TextListener.NONE))
                .isInstanceOf(EngineException.class).hasMessageContaining("nothing");
        assertThat(Files.exists(folder.resolve("nothing"))).isFalse();
    }
}
