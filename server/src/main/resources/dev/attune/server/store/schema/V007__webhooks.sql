-- What a webhook is told: an event for each job and batch that has ended since there is a webhook.
create table webhook_events (
    seq integer primary key autoincrement,
    id text not null unique,
    created_at integer not null,
    type text not null,
    subject text not null unique,
    attempts integer not null default 0,
    next_at integer not null,
    ended_at integer
);

create index webhook_events_by_time on webhook_events (ended_at, next_at);

create index jobs_by_finish on jobs (finished_at);

-- Since when an address is told; what ended before is not.
create table webhook_addresses (
    url text primary key,
    since integer not null
) without rowid;
