package dev.attune.server.operating;

import dev.attune.server.models.Generations;
import dev.attune.server.protocol.ApiError;
import dev.attune.server.protocol.ApiException;
import dev.attune.server.protocol.Json;
import dev.attune.server.protocol.KeyRole;
import dev.attune.server.protocol.Response;
import dev.attune.server.protocol.Route;
import dev.attune.server.protocol.Wire;
import dev.attune.server.store.Database;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** {@code /healthz}, {@code /readyz} and {@code /metrics}. */
public final class HealthApi {
    private final Database database;
    private final Generations generations;
    private final Metrics metrics;
    private final BooleanSupplier stopping;
    private final long started = System.nanoTime();

    public HealthApi(Database database, Generations generations, Metrics metrics, BooleanSupplier stopping) {
        this.database = database;
        this.generations = generations;
        this.metrics = metrics;
        this.stopping = stopping;
    }

    /** That all is well. */
    record Status(String status) implements Wire {}

    public List<Route> routes() {
        return List.of(Route.get("/healthz", request -> Response.of(new Status("ok"))).open(),
                Route.get("/readyz", request -> ready()).open(),
                Route.get("/metrics", request -> new Response.Text("text/plain; version=0.0.4; charset=utf-8",
                        metrics.text(gauges()))).needing(KeyRole.USE));
    }

    private Response ready() {
        if (stopping.getAsBoolean()) {
            throw new ApiException(503, new ApiError("The server is stopping; try again in a moment.", "server_error",
                    null, "server_stopping"), Map.of("Retry-After", "2"));
        }
        database.read(handle -> handle.createQuery("select 1").mapTo(Integer.class).one());
        return Response.of(new Status("ready"));
    }

    private Map<String, Number> gauges() {
        var gauges = new TreeMap<String, Number>();
        database.read(handle -> handle.createQuery("select status, count(*) as jobs from jobs group by status")
                .map((row, context) -> Map.entry(row.getString("status"), row.getLong("jobs"))).list())
                .forEach(entry -> gauges.put("attune_jobs{status=\"" + entry.getKey() + "\"}", entry.getValue()));
        gauges.put("attune_trained_tokens", database.read(handle -> handle
                .createQuery("select coalesce(sum(trained_tokens), 0) from jobs").mapTo(Long.class).one()));
        gauges.put("attune_training_tokens_per_second", trainingSpeed());
        gauges.put("attune_generations", generations.waiting());
        Runtime runtime = Runtime.getRuntime();
        gauges.put("attune_heap_bytes", runtime.totalMemory() - runtime.freeMemory());
        gauges.put("attune_uptime_seconds", (System.nanoTime() - started) / 1_000_000_000);
        return gauges;
    }

    /** As the running job's newest step says it; 0 where none runs. */
    private double trainingSpeed() {
        return database.read(handle -> handle.createQuery("select e.data from jobs j join job_events e on e.job_id ="
                + " j.id where j.status = 'running' and e.type = 'metrics' order by e.seq desc limit 1")
                .mapTo(String.class).findOne())
                .map(data -> Json.tree(data).path("tokens_per_second").asDouble(0)).orElse(0.0);
    }
}
