-- What the process has counted of each sink since it was started, which it tells with its signs of life: so each replica
-- shows what all of them do.
alter table sluice.replica add column counters json;
