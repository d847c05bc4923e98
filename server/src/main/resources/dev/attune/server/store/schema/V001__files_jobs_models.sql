-- seq orders rows as they were made; created_at is what the wire shows, in seconds since 1970.
create table files (
    seq integer primary key autoincrement,
    id text not null unique,
    created_at integer not null,
    expires_at integer,
    bytes integer not null,
    filename text not null,
    purpose text not null,
    sha256 text not null
);

create index files_by_sha256 on files (sha256);

-- status is the projection of job_events; it changes only by `update … where status = :expected`.
create table jobs (
    seq integer primary key autoincrement,
    id text not null unique,
    created_at integer not null,
    finished_at integer,
    estimated_finish integer,
    status text not null,
    model text not null,
    base text not null,
    suffix text not null,
    seed integer not null,
    training_file text not null,
    validation_file text,
    metadata text,
    hyperparameters text not null,
    resolved text,
    fine_tuned_model text,
    trained_tokens integer,
    result_file text,
    error text,
    progress_seq integer not null default 0,
    last_step integer not null default 0
);

create index jobs_by_status on jobs (status);

create table job_metadata (
    job_id text not null references jobs (id),
    name text not null,
    value text not null,
    primary key (job_id, name)
) without rowid;

create table job_events (
    job_id text not null references jobs (id),
    seq integer not null,
    id text not null unique,
    created_at integer not null,
    level text not null,
    message text not null,
    type text not null,
    data text not null,
    primary key (job_id, seq)
) without rowid;

create table checkpoints (
    seq integer primary key autoincrement,
    id text not null unique,
    job_id text not null references jobs (id),
    created_at integer not null,
    step integer not null,
    model text not null,
    metrics text not null,
    unique (job_id, step)
);

create table models (
    seq integer primary key autoincrement,
    name text not null unique,
    created_at integer not null,
    base text not null,
    job_id text not null references jobs (id),
    adapter text not null
);
