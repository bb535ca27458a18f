-- True while it is known that no try of the intent can have reached the target: then it may be cut anew. Set with what
-- makes that known, taken back before the next try; so a process that dies leaves an intent that may have arrived.
alter table sluice.delivery add column intent_untouched boolean;

-- How many records a target takes at once that has refused more; null while it takes what the definition says. After
-- grow_at twice as many are tried; until that has succeeded grow_at is null. After a failed trial grow_pause is longer.
alter table sluice.delivery add column batch_limit integer;
alter table sluice.delivery add column grow_at timestamptz;
alter table sluice.delivery add column grow_pause interval;
