-- What a job trains and on what, where its request says it in words of our own.
alter table jobs add column training text;
