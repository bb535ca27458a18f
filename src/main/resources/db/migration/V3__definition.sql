-- Definitions that came over HTTP, as they were given. A deleted one leaves a row without its settings.
create table sluice.definition (
    sink       text        primary key,
    settings   json        not null,
    revision   bigint      not null,
    deleted    boolean     not null default false,
    updated_at timestamptz not null default now()
);

-- Rises with every change. Whoever changes a definition holds this row's lock, so that changes have one order and what
-- is seen at a revision is complete; a sequence would promise neither.
create table sluice.definition_revision (
    revision bigint not null
);

insert into sluice.definition_revision (revision) values (0);

-- The partitions of every sink, in their order, and where its part_fn sends a set of probe keys. Once there is data,
-- neither may change.
create table sluice.routing (
    sink        text primary key,
    partitions  json not null,
    fingerprint text not null
);
