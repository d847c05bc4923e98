-- Many requests in one file. An answer is a row; the files of a batch are made of them when it ends.
create table batches (
    seq integer primary key autoincrement,
    id text not null unique,
    created_at integer not null,
    expires_at integer not null,
    status text not null,
    endpoint text not null,
    input_file text not null,
    completion_window text not null,
    metadata text,
    output_seconds integer,
    model text,
    total integer not null default 0,
    in_progress_at integer,
    finalizing_at integer,
    completed_at integer,
    failed_at integer,
    expired_at integer,
    cancelling_at integer,
    cancelled_at integer,
    output_file text,
    error_file text,
    errors text,
    input_tokens integer not null default 0,
    output_tokens integer not null default 0,
    idempotency_key text unique,
    request_hash text
);

create index batches_by_status on batches (status, seq);

create table batch_answers (
    batch_id text not null references batches (id),
    line integer not null,
    failed integer not null,
    answer text not null,
    primary key (batch_id, line)
) without rowid;
