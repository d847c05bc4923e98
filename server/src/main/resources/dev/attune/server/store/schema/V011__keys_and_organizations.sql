-- Keys are kept as the SHA-256 of what their holders send; shown is enough of one to tell it from others.
create table api_keys (
    seq integer primary key autoincrement,
    id text not null unique,
    created_at integer not null,
    revoked_at integer,
    name text not null,
    organization text not null,
    role text not null,
    shown text not null,
    sha256 text not null unique
);

-- Who owns what; the empty name is the server's own, which every caller without a key has.
alter table files add column organization text not null default '';
alter table jobs add column organization text not null default '';
alter table batches add column organization text not null default '';
alter table uploads add column organization text not null default '';
