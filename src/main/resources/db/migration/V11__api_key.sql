-- Keys by which senders say who they are. Of a key itself only its hash is kept. Revoked keys stay: the trail of audit
-- names them.
create table sluice.api_key (
    id             text        primary key,
    note           text        not null,
    grants         json        not null,
    hash           bytea       not null,
    previous_hash  bytea,
    previous_until timestamptz,
    created_at     timestamptz not null default clock_timestamp(),
    created_by     text        not null,
    expires_at     timestamptz,
    revoked_at     timestamptz,
    last_used_at   timestamptz
);
