-- Files that come in parts. A part's bytes lie under uploads/UPLOAD/PART until the upload is completed.
create table uploads (
    seq integer primary key autoincrement,
    id text not null unique,
    created_at integer not null,
    expires_at integer not null,
    bytes integer not null,
    filename text not null,
    purpose text not null,
    mime_type text not null,
    seconds_to_live integer,
    status text not null,
    file_id text
);

create index uploads_by_status on uploads (status, expires_at);

create table upload_parts (
    id text primary key,
    upload_id text not null references uploads (id),
    created_at integer not null,
    bytes integer not null
) without rowid;

create index upload_parts_by_upload on upload_parts (upload_id);
