-- Which projects may use a tuned model or checkpoint.
create table checkpoint_permissions (
    seq integer primary key autoincrement,
    id text not null unique,
    created_at integer not null,
    checkpoint text not null,
    project_id text not null,
    unique (checkpoint, project_id)
);
