package dev.attune.server.graders;

import dev.attune.server.protocol.Fields;
import dev.attune.server.protocol.InProcess;
import dev.attune.server.protocol.Request;
import dev.attune.server.protocol.Response;
import dev.attune.server.protocol.Route;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/fine_tuning/alpha/graders}: validate a grader, and run one on an answer. */
public final class GradersApi {
    private static final int MAX_BODY_BYTES = 8 << 20;

    private final InProcess server;

    /** @param server whose models score and label */
    public GradersApi(InProcess server) {
        this.server = server;
    }

    public List<Route> routes() {
        return List.of(Route.post("/v1/fine_tuning/alpha/graders/run", this::run),
                Route.post("/v1/fine_tuning/alpha/graders/validate", this::validate));
    }

    private Response run(Request request) throws IOException {
        Fields body = request.fields(MAX_BODY_BYTES);
        body.refuseExtra(Set.of("grader", "model_sample", "item", "reference_answer"));
        Grader grader = grader(body);
        String sample = body.required("model_sample");
        ObjectNode item = body.object("item").node();
        return Response.of(new GraderRun(server, sample, item).run(grader));
    }

    private Response validate(Request request) throws IOException {
        Fields body = request.fields(MAX_BODY_BYTES);
        body.refuseExtra(Set.of("grader"));
        grader(body);
        return Response.of(new GraderWire.ValidGrader(body.value("grader")));
    }

    private static Grader grader(Fields body) {
        if (!body.has("grader")) {
            throw body.missing("grader");
        }
        return GraderReader.of(body.object("grader"));
    }
}
