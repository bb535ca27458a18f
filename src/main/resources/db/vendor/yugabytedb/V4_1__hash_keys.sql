-- YugabyteDB makes tablets of the hashes of a key's first column, which is the sink: all of its partitions would be in one.
-- Elsewhere (PostgreSQL, for tests) the keys stay as they are.
do $$
declare
    keyed record;
begin
    if version() not like '%-YB-%' then
        return;
    end if;
    for keyed in
        select * from (values
            ('snapshot', '(sink, partition_id) hash'),
            ('receipt',  '(sink, partition_id) hash, first_offset asc'),
            ('claim',    '(sink, partition_id) hash'),
            ('settled',  '(sink, partition_id) hash'),
            ('buffer',   '(sink, partition_id) hash, source_offset asc'),
            ('delivery', '(sink, partition_id) hash')) as k (name, key)
    loop
        execute format('alter table sluice.%I drop constraint %I', keyed.name, keyed.name || '_pkey');
        execute format('alter table sluice.%I add primary key (%s)', keyed.name, keyed.key);
    end loop;
end
$$;
