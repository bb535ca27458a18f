-- After each migration, so that tables of later versions, and of a database that becomes one of Citus later, are
-- distributed too. What belongs to partitions lies where the partition is; the rest, which is small and changes seldom,
-- on every server. Without the extension nothing is done. The audit trail, tasks and what is paused are of the second kind: they
-- are about partitions and about sinks as a whole. Triggers are in the way of distributing a table.
-- What is partitioned is distributed with its partitions.
do $$
declare
    missing record;
begin
    if to_regclass('pg_dist_partition') is null then
        raise notice 'This database has no extension citus: the tables of the schema sluice are not distributed';
        return;
    end if;
    perform pg_advisory_xact_lock(hashtextextended('sluice distribution', 0));
    for missing in
        select t.oid::regclass as name,
               t.relname = 'snapshot' as first,
               t.relname not in ('audit', 'control', 'task')
                   and exists (select from pg_attribute
                                where attrelid = t.oid and attname = 'partition_id' and not attisdropped) as of_partitions
          from pg_class t
         where t.relnamespace = 'sluice'::regnamespace and t.relkind in ('r', 'p') and not t.relispartition
           and t.relname <> 'flyway_schema_history'
           and not exists (select from pg_dist_partition where logicalrelid = t.oid)
         order by t.relname <> 'snapshot', t.relname
    loop
        if missing.name = 'sluice.audit'::regclass then
            drop trigger if exists keep on sluice.audit;
            drop trigger if exists keep_all on sluice.audit;
        end if;
        if missing.first then
            perform create_distributed_table(missing.name, 'partition_id', colocate_with => 'none');
        elsif missing.of_partitions then
            perform create_distributed_table(missing.name, 'partition_id', colocate_with => 'sluice.snapshot');
        else
            perform create_reference_table(missing.name);
        end if;
    end loop;
end
$$;
