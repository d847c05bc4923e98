-- What had ended before the first address was given is marked as told, so that ends are found without looking at the clock.
insert into webhook_events (id, created_at, type, subject, next_at, ended_at)
select 'evt_' || lower(hex(randomblob(12))), finished_at, 'fine_tuning.job.' || status, id, finished_at, finished_at
from jobs
where finished_at < (select min(since) from webhook_addresses)
    and not exists (select 1 from webhook_events e where e.subject = jobs.id);

insert into webhook_events (id, created_at, type, subject, next_at, ended_at)
select 'evt_' || lower(hex(randomblob(12))), ended, type, id, ended, ended
from (select id, 'batch.' || status as type, coalesce(completed_at, failed_at, expired_at, cancelled_at) as ended
    from batches)
where ended < (select min(since) from webhook_addresses)
    and not exists (select 1 from webhook_events e where e.subject = id);
