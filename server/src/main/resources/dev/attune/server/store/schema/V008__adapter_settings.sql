-- The shape of the adapter that a job trains, where its request says one.
alter table jobs add column lora text;
