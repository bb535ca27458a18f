-- Which database this was when it was last looked at, one row. Where it is another one (restored, promoted), what it
-- knows may be older than what writers were told: a new incarnation begins, and its tokens are above all given out before.
create table sluice.incarnation (
    only_one          boolean     primary key default true check (only_one),
    number            bigint      not null default 1,
    first_token       bigint      not null default 0,
    system_identifier bigint,
    timeline          bigint,
    database_oid      bigint      not null,
    snapshot_oid      bigint      not null,
    reason            text        not null,
    since             timestamptz not null default clock_timestamp()
);
