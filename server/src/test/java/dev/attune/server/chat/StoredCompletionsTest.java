package dev.attune.server.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.core.JsonValue;
import com.openai.errors.NotFoundException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionListParams;
import com.openai.models.chat.completions.ChatCompletionUpdateParams;
import dev.attune.server.Rig;
import dev.attune.server.Schemas;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredCompletionsTest {
    private Rig rig;

    @BeforeEach
    void start(@TempDir Path home) {
        rig = Rig.start(home);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private ChatCompletion say(String text, String topic) {
        return rig.client().chat().completions().create(ChatCompletionCreateParams.builder().model(Rig.BASE)
                .addSystemMessage("be brief").addUserMessage(text).maxCompletionTokens(3).store(true)
                .metadata(ChatCompletionCreateParams.Metadata.builder()
                        .putAdditionalProperty("topic", JsonValue.from(topic)).build())
                .build());
    }

    @Test
    void whatIsToBeKeptIsFoundAgain_withItsQuestion() throws Exception {
        ChatCompletion said = say("one", "a");

        assertThat(rig.client().chat().completions().retrieve(said.id()).choices()).isEqualTo(said.choices());
        var messages = rig.get("/v1/chat/completions/" + said.id() + "/messages?order=desc&limit=1");
        assertThat(messages.path("has_more").asBoolean()).isTrue();
        assertThat(messages.path("data").path(0).path("id").asString()).isEqualTo(said.id() + "-1");
        assertThat(messages.path("data").path(0).path("role").asString()).isEqualTo("user");
        assertThat(messages.path("data").path(0).path("content").asString()).isEqualTo("one");
        Schemas.check("CreateChatCompletionResponse", rig.get("/v1/chat/completions/" + said.id()));
    }

    @Test
    void aStreamIsKeptToo_andNothingThatWasNotToBe() throws Exception {
        rig.post("/v1/chat/completions", """
                {"model":"tiny-chat","messages":[{"role":"user","content":"x"}],"max_tokens":3,"stream":true,
                 "store":true,"metadata":{"a":"b"}}""");
        rig.post("/v1/chat/completions",
                "{\"model\":\"tiny-chat\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"max_tokens\":3}");

        var all = rig.client().chat().completions().list().items();
        assertThat(all).hasSize(1);
        assertThat(all.getFirst().choices()).hasSize(1);
    }

    @Test
    void listsAreFilteredAndPagedToTheirEnd() {
        var ids = new ArrayList<String>();
        for (int i = 0; i < 5; i++) {
            ids.add(say("n" + i, i % 2 == 0 ? "even" : "odd").id());
        }
        var completions = rig.client().chat().completions();

        List<String> paged = completions.list(ChatCompletionListParams.builder().limit(2).build()).autoPager().stream()
                .map(ChatCompletion::id).toList();
        assertThat(paged).isEqualTo(ids);
        assertThat(completions.list(ChatCompletionListParams.builder().order(ChatCompletionListParams.Order.DESC)
                .build()).items()).extracting(ChatCompletion::id).isEqualTo(ids.reversed());
        assertThat(completions.list(ChatCompletionListParams.builder().metadata(ChatCompletionListParams.Metadata
                .builder().putAdditionalProperty("topic", "odd").build()).build()).items())
                .extracting(ChatCompletion::id).containsExactly(ids.get(1), ids.get(3));
        assertThat(completions.list(ChatCompletionListParams.builder().model("other").build()).items()).isEmpty();
    }

    @Test
    void metadataIsReplaced_andADeletedOneIsGone() throws Exception {
        String id = say("x", "a").id();
        var completions = rig.client().chat().completions();
        completions.update(id, ChatCompletionUpdateParams.builder().metadata(ChatCompletionUpdateParams.Metadata
                .builder().putAdditionalProperty("topic", JsonValue.from("b")).build()).build());

        assertThat(rig.get("/v1/chat/completions?metadata[topic]=b".replace("[", "%5B").replace("]", "%5D"))
                .path("data").size()).isEqualTo(1);
        assertThat(rig.get("/v1/chat/completions/" + id).path("metadata").path("topic").asString()).isEqualTo("b");

        assertThat(completions.delete(id).deleted()).isTrue();
        assertThatThrownBy(() -> completions.retrieve(id)).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> completions.delete(id)).isInstanceOf(NotFoundException.class);
    }
}
