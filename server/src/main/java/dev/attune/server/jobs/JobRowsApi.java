package dev.attune.server.jobs;

import dev.attune.engine.train.JobDirectory;
import dev.attune.engine.train.RowReport;
import dev.attune.server.protocol.ApiException;
import dev.attune.server.protocol.Request;
import dev.attune.server.protocol.Response;
import dev.attune.server.protocol.Route;
import dev.attune.server.protocol.Wire;
import dev.attune.server.store.Home;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code GET /attune/v1/jobs/{job}/rows}: which rows of a job's training file stay hard, and which may be wrong. */
public final class JobRowsApi {
    private static final int MAX_LIMIT = 1000;

    private final JobStore jobs;
    private final Home home;

    public JobRowsApi(JobStore jobs, Home home) {
        this.jobs = jobs;
        this.home = home;
    }

    /** A report on rows, as the engine makes it. */
    record Rows(String object, String fineTuningJobId, int epochs, int rows, List<RowReport.Entry> highest,
            List<RowReport.Entry> rising, List<RowReport.Suspect> suspects) implements Wire {}

    public List<Route> routes() {
        return List.of(Route.get("/attune/v1/jobs/{job}/rows", this::rows));
    }

    private Response rows(Request request) {
        String id = request.part("job");
        Job job = jobs.find(id).orElseThrow(() -> ApiException.notFound("Could not find fine tune: " + id,
                "fine_tune_id", "fine_tune_not_found"));
        Path directory = home.jobs().resolve(job.id());
        RowReport report = Files.isDirectory(directory)
                ? RowReport.of(JobDirectory.open(directory), request.limit(20, MAX_LIMIT))
                : new RowReport(0, 0, List.of(), List.of(), List.of());
        return Response.of(new Rows("attune.job.rows", job.id(), report.epochs(), report.rows(), report.highest(),
                report.rising(), report.suspects()));
    }
}
