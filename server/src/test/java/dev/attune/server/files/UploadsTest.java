package dev.attune.server.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.models.files.FilePurpose;
import com.openai.models.uploads.Upload;
import com.openai.models.uploads.UploadCompleteParams;
import com.openai.models.uploads.UploadCreateParams;
import com.openai.models.uploads.parts.PartCreateParams;
import dev.attune.server.Rig;
import dev.attune.server.Schemas;
import dev.attune.server.protocol.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.DriverManager;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class UploadsTest {
    @TempDir
    private Path home;
    private Rig rig;

    @BeforeEach
    void start() {
        rig = Rig.start(home);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void partsThatArriveSideBySideBecomeOneFile_inTheOrderThatIsNamed() throws Exception {
        byte[] bytes = random(9_000_000);
        Upload upload = create(bytes.length, "data.bin", FilePurpose.USER_DATA);
        List<byte[]> pieces = IntStream.range(0, 9)
                .mapToObj(i -> Arrays.copyOfRange(bytes, i * 1_000_000, (i + 1) * 1_000_000)).toList();

        List<String> parts = pieces.reversed().parallelStream().map(piece -> part(upload.id(), piece)).toList();
        Upload done = complete(upload.id(), parts.reversed(), md5(bytes));

        assertThat(done.status()).isEqualTo(Upload.Status.COMPLETED);
        var file = done.file().orElseThrow();
        assertThat(file.bytes()).isEqualTo(bytes.length);
        assertThat(file.filename()).isEqualTo("data.bin");
        try (var response = rig.client().files().content(file.id())) {
            assertThat(response.body().readAllBytes()).isEqualTo(bytes);
        }
        assertThat(leftOvers()).isZero();
        assertThatThrownBy(() -> complete(upload.id(), parts, "")).isInstanceOf(BadRequestException.class)
                .hasMessageContaining("'completed'");
    }

    @Test
    void wrongSumOrderOrSizeIsRefused_andTheUploadStaysOpen() {
        byte[] bytes = random(2000);
        Upload upload = create(bytes.length, "data.bin", FilePurpose.USER_DATA);
        String first = part(upload.id(), Arrays.copyOf(bytes, 1000));
        String second = part(upload.id(), Arrays.copyOfRange(bytes, 1000, 2000));

        assertThatThrownBy(() -> complete(upload.id(), List.of(first), "")).isInstanceOf(BadRequestException.class)
                .hasMessageContaining("1000 bytes together");
        assertThatThrownBy(() -> complete(upload.id(), List.of(first, first), ""))
                .isInstanceOf(BadRequestException.class).hasMessageContaining("twice");
        assertThatThrownBy(() -> complete(upload.id(), List.of(first, "part_none"), ""))
                .isInstanceOf(BadRequestException.class).hasMessageContaining("no part 'part_none'");
        assertThatThrownBy(() -> complete(upload.id(), List.of(second, first), md5(bytes)))
                .isInstanceOf(BadRequestException.class).hasMessageContaining("MD5");
        assertThat(complete(upload.id(), List.of(first, second), md5(bytes)).file()).isPresent();
    }

    @Test
    void trainingFileInPartsIsLookedAtLikeAnyOther() {
        byte[] bad = "not json\n".getBytes(StandardCharsets.UTF_8);
        Upload upload = create(bad.length, "rows.jsonl", FilePurpose.FINE_TUNE);
        String part = part(upload.id(), bad);

        assertThatThrownBy(() -> complete(upload.id(), List.of(part), "")).isInstanceOf(BadRequestException.class)
                .hasMessageContaining("Expected file to have JSONL format");
        assertThatThrownBy(() -> create(9, "rows.csv", FilePurpose.FINE_TUNE)).isInstanceOf(BadRequestException.class)
                .hasMessageContaining("Must be .jsonl");
    }

    @Test
    void cancelledUploadTakesNothingMore() throws Exception {
        Upload upload = create(10, "data.bin", FilePurpose.BATCH);
        part(upload.id(), random(10));

        assertThat(rig.client().uploads().cancel(upload.id()).status()).isEqualTo(Upload.Status.CANCELLED);

        assertThat(leftOvers()).isZero();
        assertThatThrownBy(() -> part(upload.id(), random(10))).isInstanceOf(BadRequestException.class)
                .hasMessageContaining("'cancelled'");
        assertThatThrownBy(() -> rig.client().uploads().cancel(upload.id())).isInstanceOf(BadRequestException.class);
        assertThatThrownBy(() -> rig.client().uploads().cancel("upload_none")).isInstanceOf(NotFoundException.class);
    }

    @Test
    void uploadExpiresAfterAnHour() throws Exception {
        Upload upload = create(10, "data.bin", FilePurpose.BATCH);
        part(upload.id(), random(10));
        assertThat(upload.expiresAt()).isEqualTo(upload.createdAt() + 3600);
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + home.resolve("attune.db"));
                var statement = connection.createStatement()) {
            statement.execute("update uploads set expires_at = 1");
        }

        assertThatThrownBy(() -> part(upload.id(), random(10))).isInstanceOf(BadRequestException.class)
                .hasMessageContaining("'expired'");
        assertThat(leftOvers()).isZero();
    }

    @Test
    void acknowledgedPartsSurviveARestart_andHalfPartsDoNot() throws Exception {
        byte[] bytes = random(30);
        Upload upload = create(bytes.length, "data.bin", FilePurpose.USER_DATA);
        String part = part(upload.id(), bytes);
        rig.close();
        Path half = Files.write(home.resolve("uploads").resolve(upload.id()).resolve("part_half"), bytes);
        Path orphan = Files.createDirectories(home.resolve("uploads").resolve("upload_gone"));

        rig = Rig.start(home);

        assertThat(half).doesNotExist();
        assertThat(orphan).doesNotExist();
        assertThat(complete(upload.id(), List.of(part), md5(bytes)).file()).isPresent();
    }

    @Test
    void everyBodyHasTheSchemasShape_andAnAnswerThatWasLostIsGivenAgain() throws Exception {
        JsonNode created = Json.tree(rig.post("/v1/uploads", """
                {"filename":"a.bin","purpose":"vision","bytes":3,"mime_type":"x/y",
                 "expires_after":{"anchor":"created_at","seconds":3600}}""").body());
        Schemas.check("Upload", created);
        String id = created.path("id").asString();
        String boundary = "b";
        var part = rig.send("POST", "/v1/uploads/" + id + "/parts", "multipart/form-data; boundary=" + boundary,
                "--b\r\nContent-Disposition: form-data; name=\"data\"\r\n\r\nabc\r\n--b--\r\n"
                        .getBytes(StandardCharsets.UTF_8));
        Schemas.check("UploadPart", Json.tree(part.body()));
        String body = "{\"part_ids\":[\"" + Json.tree(part.body()).path("id").asString() + "\"]}";
        JsonNode completed = Json.tree(rig.post("/v1/uploads/" + id + "/complete", body).body());
        Schemas.check("Upload", completed);
        assertThat(completed.path("file").path("expires_at").asLong())
                .isEqualTo(completed.path("file").path("created_at").asLong() + 3600);
        assertThat(rig.post("/v1/uploads/" + id + "/complete", body).statusCode()).isEqualTo(400);
        var again = rig.post("/v1/uploads/" + id + "/complete", body, "x-stainless-retry-count", "1");
        assertThat(Json.tree(again.body())).isEqualTo(completed);
        assertThat(rig.post("/v1/uploads", "{\"filename\":\"a\",\"purpose\":\"batch\",\"bytes\":0,\"mime_type\":\"x\"}")
                .statusCode()).isEqualTo(400);
        assertThat(rig.post("/v1/uploads", "{\"name\":\"a\"}").body()).contains("extra inputs are not permitted");
    }

    private Upload create(long bytes, String filename, FilePurpose purpose) {
        return rig.client().uploads().create(UploadCreateParams.builder().bytes(bytes).filename(filename)
                .mimeType("application/octet-stream").purpose(purpose).build());
    }

    private String part(String upload, byte[] bytes) {
        return rig.client().uploads().parts()
                .create(PartCreateParams.builder().uploadId(upload).data(new ByteArrayInputStream(bytes)).build()).id();
    }

    private Upload complete(String upload, List<String> parts, String md5) {
        var params = UploadCompleteParams.builder().uploadId(upload).partIds(parts);
        return rig.client().uploads().complete((md5.isEmpty() ? params : params.md5(md5)).build());
    }

    private long leftOvers() throws IOException {
        try (Stream<Path> parts = Files.walk(home.resolve("uploads"));
                Stream<Path> half = Files.list(home.resolve("incoming"))) {
            return parts.filter(Files::isRegularFile).count() + half.count();
        }
    }

    private static byte[] random(int length) {
        var bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static String md5(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
