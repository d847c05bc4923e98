package dev.attune.server.models;

import dev.attune.server.protocol.ApiException;
import dev.attune.server.protocol.Fields;
import dev.attune.server.protocol.Request;
import dev.attune.server.protocol.Response;
import dev.attune.server.protocol.Route;
import dev.attune.server.protocol.Wire;
import dev.attune.server.store.Database;
import dev.attune.server.store.Ids;
import dev.attune.server.store.Page;
import dev.attune.server.store.Times;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** {@code /v1/fine_tuning/checkpoints/…/permissions}: which projects may use a tuned model or checkpoint. */
public final class PermissionsApi {
    private static final String PERMISSIONS = "/v1/fine_tuning/checkpoints/{checkpoint}/permissions";
    private static final int MAX_BODY_BYTES = 1 << 20;
    private static final int MAX_LIMIT = 1000;
    private static final int MOST_PROJECTS = 1000;

    private final Database database;
    private final ModelCatalog models;

    public PermissionsApi(Database database, ModelCatalog models) {
        this.database = database;
        this.models = models;
    }

    public List<Route> routes() {
        return List.of(Route.post(PERMISSIONS, this::create), Route.get(PERMISSIONS, this::list),
                Route.delete(PERMISSIONS + "/{permission}", this::delete));
    }

    private record Permission(long seq, ModelWire.Permission wire) {}

    private Response create(Request request) throws IOException {
        String checkpoint = checkpoint(request);
        Fields body = request.fields(MAX_BODY_BYTES);
        body.refuseExtra(Set.of("project_ids"));
        List<JsonNode> projects = body.array("project_ids");
        if (projects.isEmpty()) {
            throw body.missing("project_ids");
        }
        if (projects.size() > MOST_PROJECTS || projects.stream().anyMatch(id -> id.asString("").isBlank())) {
            throw ApiException.badRequest("Invalid 'project_ids': expected at most " + MOST_PROJECTS
                    + " strings that are not empty.", "project_ids");
        }
        List<ModelWire.Permission> made = database.write(handle -> {
            var all = new ArrayList<ModelWire.Permission>();
            for (JsonNode project : projects) {
                all.add(grant(handle, checkpoint, project.asString()));
            }
            return all;
        });
        return Response.of(Wire.EndedList.of(new Page<>(made, false), ModelWire.Permission::id));
    }

    private static ModelWire.Permission grant(Handle handle, String checkpoint, String project) {
        handle.execute("insert into checkpoint_permissions (id, created_at, checkpoint, project_id) values (?, ?, ?, ?)"
                + " on conflict (checkpoint, project_id) do nothing", Ids.next("cp_"), Times.nowSeconds(), checkpoint,
                project);
        return handle.createQuery("select * from checkpoint_permissions where checkpoint = ? and project_id = ?")
                .bind(0, checkpoint).bind(1, project).map((row, context) -> read(row)).one().wire();
    }

    private Response list(Request request) {
        String checkpoint = checkpoint(request);
        String order = request.query("order");
        if (!Set.of("", "ascending", "descending").contains(order)) {
            throw ApiException.badRequest("Invalid 'order': expected 'ascending' or 'descending', but got '" + order
                    + "' instead.", "order");
        }
        boolean ascending = order.equals("ascending");
        String project = request.query("project_id");
        String after = request.query("after");
        @Nullable
        Permission last = after.isEmpty()
                ? null
                : find(checkpoint, after).orElseThrow(() -> ApiException.badRequest(
                        "Invalid 'after': there is no permission with the id " + after + " in this list.", "after"));
        int limit = request.limit(10, MAX_LIMIT);
        String sql = "select * from checkpoint_permissions where checkpoint = :checkpoint"
                + (project.isEmpty() ? "" : " and project_id = :project")
                + (last == null ? "" : ascending ? " and seq > :after" : " and seq < :after") + " order by seq "
                + (ascending ? "asc" : "desc") + " limit :limit";
        List<Permission> found = database.read(handle -> {
            var query = handle.createQuery(sql).bind("checkpoint", checkpoint).bind("limit", limit + 1);
            if (!project.isEmpty()) {
                query.bind("project", project);
            }
            if (last != null) {
                query.bind("after", last.seq());
            }
            return query.map((row, context) -> read(row)).list();
        });
        return Response.of(Wire.EndedList.of(Page.of(found, limit).map(Permission::wire), ModelWire.Permission::id));
    }

    private Response delete(Request request) {
        String checkpoint = checkpoint(request);
        String id = request.part("permission");
        boolean removed = database.write(handle -> handle
                .execute("delete from checkpoint_permissions where checkpoint = ? and id = ?", checkpoint, id)) == 1;
        if (!removed) {
            throw ApiException.notFound("No such permission: " + id, "permission_id", null);
        }
        return Response.of(new Wire.Deleted(id, "checkpoint.permission", true));
    }

    private Optional<Permission> find(String checkpoint, String id) {
        return database.read(handle -> handle
                .createQuery("select * from checkpoint_permissions where checkpoint = ? and id = ?")
                .bind(0, checkpoint).bind(1, id).map((row, context) -> read(row)).findOne());
    }

    private String checkpoint(Request request) {
        String name = request.part("checkpoint");
        if (models.tuned(name).isEmpty()) {
            throw ApiException.notFound("The checkpoint '" + name + "' does not exist",
                    "fine_tuned_model_checkpoint", "model_not_found");
        }
        return name;
    }

    private static Permission read(java.sql.ResultSet row) throws java.sql.SQLException {
        return new Permission(row.getLong("seq"), new ModelWire.Permission(row.getString("id"), "checkpoint.permission",
                row.getLong("created_at"), row.getString("project_id")));
    }
}
