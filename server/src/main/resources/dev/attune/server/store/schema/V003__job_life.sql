-- How a job trains, what is told to others of it, and the local model that it really starts from.
alter table jobs add column method text not null default 'supervised';
alter table jobs add column integrations text;
alter table jobs add column start_model text;
