-- By what a create that comes a second time is known: the key that its sender gave it, or the hash of its body.
alter table jobs add column idempotency_key text;
alter table jobs add column request_hash text;
create unique index jobs_by_idempotency_key on jobs (idempotency_key) where idempotency_key is not null;
create index jobs_by_request_hash on jobs (request_hash, created_at);
