package dev.attune.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.node.ObjectNode;

/**
 * The things with fixed identifiers that the official SDKs' own suites ask for: a job with an event and a checkpoint,
 * files, an upload with a part, tuned models, a permission, a batch, a stored completion. Put back as they were as often as wanted, whatever
 * was done to them. Thread-safe; the caller orders it against requests.
 */
final class FixtureStore {
    static final String JOB = "ft-AF1WoRqd3aJAHsqc9NY7iL8F";
    static final String CHECKPOINT = "ft:gpt-4o-mini-2024-07-18:org:weather:B7R9VjQd";
    private static final String PERMISSION = "cp_zc4Q7MP6XxulcVzj4MZdwsAB";
    private static final String DELETED_MODEL = "ft:gpt-4o-mini:acemeco:suffix:abc123";
    private static final String UPLOAD = "upload_abc123";
    private static final String PART = "string";
    private static final String COMPLETION = "completion_id";
    private static final String BATCH = "batch_id";
    private static final byte[] PART_CONTENT = "Example data".getBytes(StandardCharsets.UTF_8);
    private static final int ROWS = 12;
    /** The names of OpenAI's models that the suites ask. */
    static final List<String> MODELS = List.of("gpt-4o", "gpt-4o-mini", "gpt-4o-mini-2024-07-18", "gpt-5.4",
            "gpt-3.5-turbo-instruct");

    private final Database database;
    private final FileStore files;
    private final Contents contents;
    private final Home home;
    private final String base;

    /** @param base the name of the base model that all names stand for */
    FixtureStore(Database database, FileStore files, Contents contents, Home home, String base) {
        this.database = database;
        this.files = files;
        this.contents = contents;
        this.home = home;
        this.base = base;
    }

    /** Puts everything in its place. */
    void restore() throws IOException {
        file("file-abc123", "training.jsonl", "fine-tune", trainingRows());
        file("file_id", "file.jsonl", "fine-tune", trainingRows());
        file("input_file_id", "requests.jsonl", "batch", requests());
        Path part = home.uploads().resolve(UPLOAD).resolve(PART);
        if (!Files.exists(part)) {
            Files.createDirectories(home.uploads().resolve(UPLOAD));
            Files.write(part, PART_CONTENT);
        }
        database.write(handle -> {
            job(handle);
            models(handle);
            upload(handle);
            batch(handle);
            completion(handle);
            return true;
        });
    }

    private void file(String id, String name, String purpose, String content) throws IOException {
        if (files.find(id).isEmpty()) {
            try (Contents.Received received = contents.receive(
                    out -> out.write(content.getBytes(StandardCharsets.UTF_8)), FileRules.MAX_FILE_BYTES)) {
                StoredFile made = files.add(received, name, purpose, null);
                database.write(handle -> handle.execute("update files set id = ? where id = ?", id, made.id()));
            }
        }
    }

    private void job(Handle handle) {
        long now = Times.nowSeconds();
        handle.execute("insert into jobs (id, created_at, status, model, base, suffix, seed, training_file,"
                + " hyperparameters, resolved, progress_seq, last_step) values (?, ?, 'running', ?, ?, 'weather', 42,"
                + " 'file-abc123', '{\"batch_size\":\"auto\",\"learning_rate_multiplier\":\"auto\",\"n_epochs\":\"auto\"}',"
                + " '{\"batch_size\":8,\"learning_rate_multiplier\":1.0,\"n_epochs\":3}', 1, 1)"
                + " on conflict (id) do update set status = 'running', finished_at = null", JOB, now, base, base);
        handle.execute("insert into job_events (job_id, seq, id, created_at, level, message, type, data) values"
                + " (?, 1, 'ftevent-abc123', ?, 'info', ?, 'message', '{}') on conflict do nothing", JOB, now,
                "Created fine-tuning job: " + JOB);
        handle.execute("insert into checkpoints (id, job_id, created_at, step, model, metrics) values"
                + " ('ftckpt_abc123', ?, ?, 1, ?, '{\"step\":1,\"train_loss\":0.5}') on conflict do nothing", JOB, now,
                CHECKPOINT);
    }

    private void models(Handle handle) {
        long now = Times.nowSeconds();
        for (String name : List.of(CHECKPOINT, DELETED_MODEL)) {
            handle.execute("insert into models (name, created_at, base, job_id, adapter) values (?, ?, ?, ?, ?)"
                    + " on conflict do nothing", name, now, base, JOB, home.jobs().resolve("none").toString());
        }
        handle.execute("insert into checkpoint_permissions (id, created_at, checkpoint, project_id) values"
                + " (?, ?, ?, 'proj_abc123') on conflict do nothing", PERMISSION, now, CHECKPOINT);
    }

    private static void upload(Handle handle) {
        long now = Times.nowSeconds();
        handle.execute("insert into uploads (id, created_at, expires_at, bytes, filename, purpose, mime_type, status)"
                + " values (?, ?, ?, ?, 'data.txt', 'assistants', 'text/plain', 'pending') on conflict (id) do update"
                + " set status = 'pending', file_id = null, expires_at = excluded.expires_at", UPLOAD, now,
                now + UploadStore.SECONDS_TO_COMPLETE, PART_CONTENT.length);
        handle.execute("delete from upload_parts where upload_id = ? and id <> ?", UPLOAD, PART);
        handle.execute("insert into upload_parts (id, upload_id, created_at, bytes) values (?, ?, ?, ?)"
                + " on conflict do nothing", PART, UPLOAD, now, PART_CONTENT.length);
    }

    private static void batch(Handle handle) {
        long now = Times.nowSeconds();
        handle.execute("insert into batches (id, created_at, expires_at, status, endpoint, input_file,"
                + " completion_window, total, in_progress_at) values (?, ?, ?, 'in_progress', '/v1/chat/completions',"
                + " 'input_file_id', '24h', 1, ?) on conflict (id) do update set status = 'in_progress',"
                + " cancelling_at = null", BATCH, now, now + BatchStore.WINDOW_SECONDS, now);
    }

    /** Its message is an assistant's, because the SDKs' types know no other one there. */
    private void completion(Handle handle) {
        ObjectNode answer = Json.object().put("id", COMPLETION).put("object", "chat.completion")
                .put("created", Times.nowSeconds()).put("model", base);
        ObjectNode choice = answer.putArray("choices").addObject().put("index", 0);
        choice.putObject("message").put("role", "assistant").put("content", "Hello!").putNull("refusal");
        choice.putNull("logprobs").put("finish_reason", "stop");
        answer.putObject("usage").put("prompt_tokens", 1).put("completion_tokens", 1).put("total_tokens", 2);
        handle.execute("insert into stored_completions (id, organization, created_at, model, metadata, messages,"
                + " response) values (?, '', ?, ?, '{}', '[{\"role\":\"assistant\",\"content\":\"Hello\"}]', ?)"
                + " on conflict do nothing", COMPLETION, Times.nowSeconds(), base, answer.toString());
    }

    private static String trainingRows() {
        var rows = new StringBuilder();
        for (int i = 0; i < ROWS; i++) {
            rows.append("{\"messages\":[{\"role\":\"user\",\"content\":\"Say ").append(i)
                    .append(".\"},{\"role\":\"assistant\",\"content\":\"").append(i).append("\"}]}\n");
        }
        return rows.toString();
    }

    private static String requests() {
        return "{\"custom_id\":\"one\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":"
                + "{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"assistant\",\"content\":\"Hello\"}]}}\n";
    }
}
