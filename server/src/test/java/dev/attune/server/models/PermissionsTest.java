package dev.attune.server.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.models.finetuning.checkpoints.permissions.PermissionCreateParams;
import com.openai.models.finetuning.checkpoints.permissions.PermissionDeleteParams;
import com.openai.models.finetuning.checkpoints.permissions.PermissionListParams;
import com.openai.models.finetuning.jobs.JobCreateParams;
import dev.attune.server.Rig;
import dev.attune.server.Schemas;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PermissionsTest {
    private static final String CHECKPOINT = "ft:tiny-chat:acme:weather:B7R9VjQd:ckpt-step-7";

    @TempDir
    private static Path home;
    private static Rig rig;

    @BeforeAll
    static void start() throws Exception {
        rig = Rig.start(home);
        String job = rig.client().fineTuning().jobs().create(JobCreateParams.builder().model(Rig.BASE)
                .trainingFile(rig.upload(Rig.rows(2))).build()).id();
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + home.resolve("attune.db"));
                var insert = connection.prepareStatement("insert into models (name, created_at, base, job_id, adapter)"
                        + " values (?, 1, 'tiny-chat', ?, '/none')")) {
            insert.setString(1, CHECKPOINT);
            insert.setString(2, job);
            insert.execute();
        }
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    @Test
    void projectsAreGrantedListedAndRevoked() throws Exception {
        var permissions = rig.client().fineTuning().checkpoints().permissions();
        var made = permissions.create(PermissionCreateParams.builder().fineTunedModelCheckpoint(CHECKPOINT)
                .projectIds(List.of("proj_a", "proj_b", "proj_c")).build()).data();
        assertThat(made).extracting(p -> p.projectId()).containsExactly("proj_a", "proj_b", "proj_c");
        assertThat(made).allMatch(p -> p.id().startsWith("cp_"));
        assertThat(permissions.create(PermissionCreateParams.builder().fineTunedModelCheckpoint(CHECKPOINT)
                .projectIds(List.of("proj_b")).build()).data().getFirst().id()).isEqualTo(made.get(1).id());

        assertThat(
                permissions.list(PermissionListParams.builder().fineTunedModelCheckpoint(CHECKPOINT).limit(2).build())
                        .autoPager().stream().map(p -> p.projectId()))
                .containsExactly("proj_c", "proj_b", "proj_a");
        var ascending = PermissionListParams.builder().fineTunedModelCheckpoint(CHECKPOINT)
                .order(PermissionListParams.Order.ASCENDING).build();
        assertThat(permissions.list(ascending).data()).extracting(p -> p.projectId())
                .containsExactly("proj_a", "proj_b", "proj_c");
        assertThat(permissions.list(ascending.toBuilder().projectId("proj_b").build()).data()).hasSize(1);
        String path = "/v1/fine_tuning/checkpoints/" + URLEncoder.encode(CHECKPOINT, StandardCharsets.UTF_8)
                + "/permissions";
        Schemas.check("ListFineTuningCheckpointPermissionResponse", rig.get(path));

        var delete = PermissionDeleteParams.builder().fineTunedModelCheckpoint(CHECKPOINT)
                .permissionId(made.getFirst().id()).build();
        assertThat(permissions.delete(delete).deleted()).isTrue();
        assertThatThrownBy(() -> permissions.delete(delete)).isInstanceOf(NotFoundException.class);
    }

    @Test
    void whatCannotBeMeantIsRefused() throws Exception {
        var permissions = rig.client().fineTuning().checkpoints().permissions();
        assertThatThrownBy(() -> permissions.list(PermissionListParams.builder()
                .fineTunedModelCheckpoint("ft:nobody").build())).isInstanceOf(NotFoundException.class)
                .hasMessageContaining("ft:nobody");
        assertThatThrownBy(() -> permissions.create(PermissionCreateParams.builder()
                .fineTunedModelCheckpoint(CHECKPOINT).projectIds(List.of()).build()))
                .isInstanceOf(BadRequestException.class).hasMessageContaining("project_ids");
        String path = "/v1/fine_tuning/checkpoints/" + CHECKPOINT + "/permissions";
        assertThat(rig.post(path, "{\"project_ids\":[\"p\"],\"role\":\"x\"}").body())
                .contains("extra inputs are not permitted");
        assertThat(rig.send("GET", path + "?order=asc", "", new byte[0]).statusCode()).isEqualTo(400);
    }
}
