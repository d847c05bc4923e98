package dev.attune.server.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.core.MultipartField;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FileListParams;
import com.openai.models.files.FileObject;
import com.openai.models.files.FilePurpose;
import dev.attune.server.Rig;
import dev.attune.server.Schemas;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilesTest {
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
    void uploadOfAStreamWithoutFilenameIsListedAndReadBack() throws Exception {
        String id = rig.upload(Rig.rows(3));

        FileObject file = rig.client().files().retrieve(id);
        assertThat(file.id()).startsWith("file-");
        assertThat(file.filename()).isEqualTo("upload.jsonl");
        assertThat(file.bytes()).isEqualTo(Rig.rows(3).length());
        assertThat(file.expiresAt()).isEmpty();
        assertThat(file.purpose()).isEqualTo(FileObject.Purpose.FINE_TUNE);
        assertThat(content(id)).isEqualTo(Rig.rows(3));
        Schemas.check("OpenAIFile", rig.get("/v1/files/" + id));
        Schemas.check("ListFilesResponse", rig.get("/v1/files"));
    }

    @Test
    void uploadOfAPathKeepsItsNameAndBytes(@TempDir Path folder) throws Exception {
        Path path = Files.writeString(folder.resolve("täglich.jsonl"), "\uFEFF" + Rig.rows(2));

        FileObject file = rig.client().files()
                .create(FileCreateParams.builder().file(path).purpose(FilePurpose.FINE_TUNE).build());

        assertThat(file.filename()).isEqualTo("täglich.jsonl");
        assertThat(content(file.id()).getBytes(StandardCharsets.UTF_8)).isEqualTo(Files.readAllBytes(path));
    }

    @Test
    void sameBytesTwiceAreTwoFilesAndOneContent() throws Exception {
        String one = rig.upload(Rig.rows(2));
        String two = rig.upload(Rig.rows(2));
        assertThat(contents()).isEqualTo(1);

        rig.client().files().delete(one);

        assertThat(content(two)).isEqualTo(Rig.rows(2));
        assertThat(contents()).isEqualTo(1);
        rig.client().files().delete(two);
        assertThat(contents()).isZero();
    }

    @Test
    void deletedFileIsGoneForAllCalls() {
        String id = rig.upload(Rig.rows(2));

        var deleted = rig.client().files().delete(id);

        assertThat(deleted.deleted()).isTrue();
        assertThatThrownBy(() -> rig.client().files().retrieve(id)).isInstanceOf(NotFoundException.class)
                .hasMessageContaining("No such File object: " + id);
        assertThatThrownBy(() -> rig.client().files().delete(id)).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> content(id)).isInstanceOf(NotFoundException.class);
    }

    @Test
    void pagesGoNewestFirstToAnEmptyEnd() {
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            made.addFirst(rig.upload(Rig.rows(i + 1)));
        }
        var params = FileListParams.builder().limit(2).build();

        assertThat(rig.client().files().list(params).autoPager().stream().map(FileObject::id)).isEqualTo(made);
        assertThat(rig.client().files().list(params).hasMore()).contains(true);
        assertThat(rig.client().files().list(params.toBuilder().order(FileListParams.Order.ASC).build()).autoPager()
                .stream().map(FileObject::id)).isEqualTo(made.reversed());
        var end = rig.client().files().list(params.toBuilder().after(made.getLast()).build());
        assertThat(end.data()).isEmpty();
        assertThat(end.hasMore()).contains(false);
    }

    @Test
    void listsByPurpose_andRefusesAnUnknownAfter() {
        String tune = rig.upload(Rig.rows(1));
        String other = rig.client().files().create(FileCreateParams.builder()
                .file(new ByteArrayInputStream(new byte[]{1, 2, 3})).purpose(FilePurpose.USER_DATA).build()).id();

        assertThat(ids(FileListParams.builder().purpose("fine-tune").build())).containsExactly(tune);
        assertThat(ids(FileListParams.builder().purpose("user_data").build())).containsExactly(other);
        assertThatThrownBy(() -> ids(FileListParams.builder().after("file-nobody").build()))
                .isInstanceOf(BadRequestException.class);
    }

    @Test
    void halfOfAnExpiryIsRefused() throws Exception {
        String body = "--X\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nabc\r\n--X\r\nContent-Disposition:"
                + " form-data; name=\"purpose\"\r\n\r\nuser_data\r\n--X\r\nContent-Disposition: form-data;"
                + " name=\"expires_after[anchor]\"\r\n\r\ncreated_at\r\n--X--\r\n";
        var answer = rig.send("POST", "/v1/files", "multipart/form-data; boundary=X",
                body.getBytes(StandardCharsets.UTF_8));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("expires_after[seconds]");
    }

    @Test
    void fileWithAnExpiryShowsIt() {
        FileObject file = rig.client().files().create(FileCreateParams.builder()
                .file(new ByteArrayInputStream("{}".getBytes(StandardCharsets.UTF_8))).purpose(FilePurpose.BATCH)
                .expiresAfter(FileCreateParams.ExpiresAfter.builder().seconds(3600).build()).build());

        assertThat(file.expiresAt()).contains(file.createdAt() + 3600);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hello\n", "[1,2]\n", "{\"messages\": \n", "\"text\"\n"})
    void trainingFileWhoseFirstLineIsNoObjectIsRefused_andLeavesNothing(String content) throws IOException {
        assertThatThrownBy(() -> rig.upload(content)).isInstanceOf(BadRequestException.class)
                .hasMessageMatching("(?s)400: (File is empty|Expected file to have JSONL format).*");

        assertThat(contents()).isZero();
        assertThat(rig.client().files().list().data()).isEmpty();
    }

    @Test
    void trainingFileMustBeNamedJsonl() {
        var params = FileCreateParams.builder().purpose(FilePurpose.FINE_TUNE)
                .file(MultipartField.<InputStream>builder().value(new ByteArrayInputStream(new byte[]{'{', '}'}))
                        .filename("rows.csv").build())
                .build();

        assertThatThrownBy(() -> rig.client().files().create(params)).isInstanceOf(BadRequestException.class)
                .hasMessageContaining("Must be .jsonl");
    }

    @Test
    void largeUploadArrivesByteForByte() throws Exception {
        byte[] bytes = new byte[9_000_001];
        new Random(1).nextBytes(bytes);
        String id = rig.client().files().create(FileCreateParams.builder().file(new ByteArrayInputStream(bytes))
                .purpose(FilePurpose.USER_DATA).build()).id();

        try (var response = rig.client().files().content(id)) {
            assertThat(response.body().readAllBytes()).isEqualTo(bytes);
        }
    }

    private String content(String id) throws IOException {
        try (var response = rig.client().files().content(id)) {
            return new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private List<String> ids(FileListParams params) {
        return rig.client().files().list(params).data().stream().map(FileObject::id).toList();
    }

    private long contents() throws IOException {
        try (Stream<Path> all = Files.walk(home.resolve("files"));
                Stream<Path> half = Files.list(home.resolve("incoming"))) {
            assertThat(half).isEmpty();
            return all.filter(Files::isRegularFile).count();
        }
    }
}
