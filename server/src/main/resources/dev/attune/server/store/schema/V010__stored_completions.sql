-- Chat completions that their clients asked to keep; response is what a get answers, messages what was asked.
create table stored_completions (
    seq integer primary key autoincrement,
    id text not null unique,
    organization text not null,
    created_at integer not null,
    model text not null,
    metadata text not null,
    messages text not null,
    response text not null
);

create index stored_completions_by_time on stored_completions (created_at);

create table stored_completion_metadata (
    completion_seq integer not null references stored_completions (seq) on delete cascade,
    name text not null,
    value text not null,
    primary key (completion_seq, name)
) without rowid;
