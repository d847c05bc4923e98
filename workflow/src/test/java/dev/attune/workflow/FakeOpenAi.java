package dev.attune.workflow;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A server of the OpenAI protocol that trains nothing: a test double for the wire. Jobs advance by one stage each time
 * they are looked at, models answer as the test says, and faults can be put in front of or behind any request.
 */
final class FakeOpenAi implements AutoCloseable {
    static final JsonMapper JSON = JsonMapper.builder().build();

    /** What happens to a request. */
    enum Fault {
        NONE, LOST_BEFORE, LOST_AFTER, ERROR_500
    }

    /** A job's inner life. */
    static final class Job {
        final ObjectNode json;
        final List<ObjectNode> events = new ArrayList<>();
        int stage;

        Job(ObjectNode json) {
            this.json = json;
        }
    }

    private final HttpServer http;
    final Map<String, byte[]> files = new LinkedHashMap<>();
    final Map<String, Job> jobs = new LinkedHashMap<>();
    final List<String> requests = new ArrayList<>();
    final List<JsonNode> chats = new ArrayList<>();
    final List<JsonNode> creates = new ArrayList<>();
    final Map<String, Integer> uploads = new TreeMap<>();
    /** No two servers give the same id. */
    private static final AtomicInteger IDS = new AtomicInteger();

    /** The fault of a request, by its method and path. */
    volatile java.util.function.Function<String, Fault> faults = request -> Fault.NONE;
    /** What a model answers to a request. */
    volatile BiFunction<String, JsonNode, String> answers = (model, request) -> "?";
    /** How a job ends. */
    volatile String ending = "succeeded";
    /** Whether listing jobs honours the metadata filter. */
    volatile boolean filters = true;
    /** The page size that the server gives at most. */
    volatile int mostPerPage = 100;
    /** How {@code has_more} is told: as it is, never at all, or always true. */
    volatile String hasMore = "honest";

    FakeOpenAi() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.createContext("/v1/", this::handle);
        http.start();
    }

    String baseUrl() {
        return "http://127.0.0.1:" + http.getAddress().getPort() + "/v1";
    }

    OpenAIClient client() {
        return OpenAIOkHttpClient.builder().baseUrl(baseUrl()).apiKey("test").maxRetries(0).build();
    }

    @Override
    public void close() {
        http.stop(0);
    }

    /** Puts a job there that only the test moves. */
    synchronized Job addJob(String id, String status) {
        ObjectNode json = JSON.createObjectNode();
        json.put("id", id).put("object", "fine_tuning.job").put("status", status).put("model", "tiny")
                .put("created_at", 1000)
                .put("organization_id", "org").put("training_file", "file-1").put("seed", 7);
        json.putNull("error").putNull("finished_at").putNull("fine_tuned_model").putNull("trained_tokens")
                .putNull("validation_file");
        json.putArray("result_files");
        json.putObject("hyperparameters").put("n_epochs", "auto");
        var job = new Job(json);
        job.stage = -1;
        jobs.put(id, job);
        return job;
    }

    static ObjectNode event(String id, String message, ObjectNode data) {
        ObjectNode event = JSON.createObjectNode();
        event.put("object", "fine_tuning.job.event").put("id", id).put("created_at", 1000).put("level", "info")
                .put("message", message)
                .put("type", data.isEmpty() ? "message" : "metrics");
        event.set("data", data);
        return event;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath().substring(3);
            String request = exchange.getRequestMethod() + " " + path;
            byte[] body = exchange.getRequestBody().readAllBytes();
            Fault fault = faults.apply(request);
            if (fault == Fault.LOST_BEFORE) {
                return;
            }
            if (fault == Fault.ERROR_500) {
                send(exchange, 500, error("the server is not well", "server_error"));
                return;
            }
            ObjectNode answer;
            int status;
            synchronized (this) {
                requests.add(request);
                try {
                    answer = answer(request, exchange, body);
                    status = 200;
                } catch (IllegalArgumentException e) {
                    answer = error(e.getMessage(), "not_found");
                    status = 404;
                }
            }
            if (fault != Fault.LOST_AFTER) {
                send(exchange, status, answer);
            }
        }
    }

    private ObjectNode answer(String request, HttpExchange exchange, byte[] body) {
        Map<String, String> query = query(exchange);
        String[] part = request.split("/");
        return switch (request) {
            case "POST /files" -> upload(body);
            case "GET /models" -> models();
            case "POST /fine_tuning/jobs" -> create(JSON.readTree(body));
            case "GET /fine_tuning/jobs" -> list(query);
            case "POST /chat/completions" -> chat(JSON.readTree(body));
            default -> {
                if (request.startsWith("GET /files/")) {
                    yield file(known(files.containsKey(part[2]), part[2]));
                } else if (request.startsWith("GET /models/")) {
                    yield JSON.createObjectNode().put("id", part[2]).put("object", "model").put("created", 1)
                            .put("owned_by", "test");
                } else if (request.matches("GET /fine_tuning/jobs/[^/]+")) {
                    yield advance(job(part[3])).json;
                } else if (request.matches("GET /fine_tuning/jobs/[^/]+/events")) {
                    yield events(job(part[3]), query);
                } else if (request.matches("POST /fine_tuning/jobs/[^/]+/cancel")) {
                    job(part[3]).json.put("status", "cancelled");
                    job(part[3]).stage = -1;
                    yield job(part[3]).json;
                }
                throw new IllegalArgumentException("No such path: " + request);
            }
        };
    }

    private ObjectNode upload(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        int begin = text.indexOf("{\"messages\"");
        int end = text.lastIndexOf("}\n") + 2;
        String id = "file-" + IDS.incrementAndGet();
        files.put(id, text.substring(begin, end).getBytes(StandardCharsets.UTF_8));
        uploads.merge(text.contains("train.jsonl") ? "train.jsonl" : "validation.jsonl", 1, Integer::sum);
        return file(id);
    }

    private ObjectNode file(String id) {
        return JSON.createObjectNode().put("id", id).put("object", "file").put("bytes", files.get(id).length)
                .put("created_at", 1)
                .put("filename", "f.jsonl").put("purpose", "fine-tune").put("status", "processed");
    }

    private static ObjectNode models() {
        ObjectNode list = JSON.createObjectNode().put("object", "list");
        for (String id : List.of("tiny", "other", "gpt-4o-mini-2024-07-18")) {
            list.withArray("data").addObject().put("id", id).put("object", "model").put("created", 1).put("owned_by",
                    "test");
        }
        return list;
    }

    private ObjectNode create(JsonNode body) {
        creates.add(body);
        Job job = addJob("ftjob-" + IDS.incrementAndGet(), "queued");
        job.stage = 0;
        job.json.put("model", body.path("model").asString()).put("training_file",
                body.path("training_file").asString());
        job.json.set("metadata", body.path("metadata"));
        job.events.add(event("ftevent-" + IDS.incrementAndGet(),
                "Created fine-tuning job: " + job.json.path("id").asString(), JSON.createObjectNode()));
        return job.json;
    }

    private Job advance(Job job) {
        if (job.stage < 0 || job.json.path("status").asString().equals("succeeded")) {
            return job;
        }
        int stage = ++job.stage;
        if (stage <= 3) {
            job.json.put("status", "running");
            ObjectNode data = JSON.createObjectNode().put("step", stage).put("total_steps", 3)
                    .put("train_loss", 2.0 / stage)
                    .put("train_mean_token_accuracy", stage / 4.0).put("valid_loss", 2.2 / stage)
                    .put("tokens_per_second", 1000);
            job.events.add(event("ftevent-" + IDS.incrementAndGet(),
                    "Step " + stage + "/3: training loss=" + 2.0 / stage, data));
        } else {
            job.json.put("status", ending).put("finished_at", 1060);
            if (ending.equals("succeeded")) {
                job.json.put("fine_tuned_model", "ft:tiny:org:tuned:" + job.json.path("id").asString().substring(6))
                        .put("trained_tokens", 900);
                job.json.putObject("hyperparameters").put("n_epochs", 3).put("batch_size", 8)
                        .put("learning_rate_multiplier", 1.0);
                job.events.add(event("ftevent-" + IDS.incrementAndGet(), "The job has successfully completed",
                        JSON.createObjectNode()));
            } else if (ending.equals("failed")) {
                job.json.putObject("error").put("code", "server_error").put("message", "The disk is full.")
                        .putNull("param");
            }
            job.stage = -1;
        }
        return job;
    }

    private ObjectNode list(Map<String, String> query) {
        List<ObjectNode> found = new ArrayList<>(jobs.values().stream().map(job -> job.json).filter(json -> !filters
                || query.entrySet().stream().filter(e -> e.getKey().startsWith("metadata["))
                        .allMatch(e -> e.getValue().equals(
                                json.path("metadata").path(e.getKey().substring(9, e.getKey().length() - 1))
                                        .asString(""))))
                .toList());
        java.util.Collections.reverse(found);
        return page(found, query);
    }

    private ObjectNode events(Job job, Map<String, String> query) {
        List<ObjectNode> newestFirst = new ArrayList<>(job.events);
        java.util.Collections.reverse(newestFirst);
        return page(newestFirst, query);
    }

    private ObjectNode page(List<ObjectNode> items, Map<String, String> query) {
        int from = 0;
        if (query.containsKey("after")) {
            from = items.size();
            for (int i = 0; i < items.size(); i++) {
                if (items.get(i).path("id").asString("").equals(query.get("after"))) {
                    from = i + 1;
                }
            }
        }
        int limit = Math.min(mostPerPage, Integer.parseInt(query.getOrDefault("limit", "20")));
        int to = Math.min(items.size(), from + limit);
        ObjectNode page = JSON.createObjectNode().put("object", "list");
        ArrayNode data = page.putArray("data");
        items.subList(from, to).forEach(data::add);
        if (hasMore.equals("honest")) {
            page.put("has_more", to < items.size());
        } else if (hasMore.equals("always")) {
            page.put("has_more", true);
        }
        return page;
    }

    private ObjectNode chat(JsonNode body) {
        chats.add(body);
        String model = body.path("model").asString();
        ObjectNode completion = JSON.createObjectNode().put("id", "chatcmpl-" + IDS.incrementAndGet())
                .put("object", "chat.completion").put("created", 1)
                .put("model", model);
        completion.putArray("choices").addObject().put("index", 0).put("finish_reason", "stop").putNull("logprobs")
                .putObject("message")
                .put("role", "assistant").put("content", answers.apply(model, body)).putNull("refusal");
        return completion;
    }

    private Job job(String id) {
        Job job = jobs.get(known(jobs.containsKey(id), id));
        return job;
    }

    private static String known(boolean there, String id) {
        if (!there) {
            throw new IllegalArgumentException("No such object: " + id);
        }
        return id;
    }

    private static ObjectNode error(String message, String code) {
        ObjectNode root = JSON.createObjectNode();
        root.putObject("error").put("message", message).put("type", "invalid_request_error").put("code", code)
                .putNull("param");
        return root;
    }

    private static void send(HttpExchange exchange, int status, ObjectNode answer) throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(answer);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static Map<String, String> query(HttpExchange exchange) {
        var query = new LinkedHashMap<String, String>();
        String raw = exchange.getRequestURI().getRawQuery();
        if (raw != null) {
            for (String pair : raw.split("&")) {
                String[] sides = pair.split("=", 2);
                query.put(URLDecoder.decode(sides[0], StandardCharsets.UTF_8),
                        URLDecoder.decode(sides[1], StandardCharsets.UTF_8));
            }
        }
        return query;
    }
}
